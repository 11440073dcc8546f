// The service cluse.i18n/1: the plugin's own sentences in a reader's language.
#pragma once

#include "server/plugin/services/service.h"

namespace cluse::plugin {

/// text {key, args?, locale?} → {text}
class I18nService final : public Service {
 public:
  std::int32_t serve(const Caller& caller, std::string_view operation, const Value& body, Value& answer) override;
};

}  // namespace cluse::plugin
