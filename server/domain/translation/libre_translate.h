// LibreTranslate: a Translator over POST <url>/translate of a server that speaks LibreTranslate's interface.
#pragma once

#include "server/domain/translation/translator.h"
#include "server/http_client/http_client.h"

#include <chrono>
#include <string>

namespace cluse::domain::translation {

inline constexpr std::size_t kAnswerBytesMax = 1U << 20;
inline constexpr std::chrono::milliseconds kAnswerTimeout = std::chrono::seconds(30);

class LibreTranslate final : public Translator {
 public:
  struct Settings {
    std::string url;      ///< "https://translate.example"; http on this machine alone
    std::string api_key;  ///< empty: the provider asks for none
    std::string ca_file;  ///< certificates (PEM) to trust instead of the system's
  };

  /// Requires: http_client::is_allowed(settings.url).
  explicit LibreTranslate(Settings settings);

  [[nodiscard]] const std::string& host() const override { return host_; }
  [[nodiscard]] Result<std::vector<std::string>> translate(const std::vector<std::string>& texts, TextFormat format,
                                                           std::string_view source, std::string_view target) override;
  void stop() override { client_.stop(); }

 private:
  // Fixed at construction
  const Settings settings_;
  const std::string host_;
  http_client::HttpClient client_;
};

}  // namespace cluse::domain::translation
