#include "server/plugin/services/i18n.h"

#include <cluse/plugin.h>

namespace cluse::plugin {

std::int32_t I18nService::serve(const Caller& caller, std::string_view operation, const Value& body, Value& answer) {
  if (operation != "text") return CLUSE_UNSUPPORTED;
  const auto locale = body["locale"].get_or<std::string>(caller.locale);
  const auto said = caller.texts.text(locale, body["key"].as<std::string>(), body["args"]);
  if (!said) return refuse(answer, said.error());
  answer.set("text", *said);
  return CLUSE_OK;
}

}  // namespace cluse::plugin
