// Aim: every code that can reach a reader has a sentence in both languages, with the typography of each.
// Method: the codes are taken from the sources themselves.

#include "server/api/client_words.h"
#include "server/api/problem.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

namespace cluse::api {
namespace {

// Codes of the command line and of the layers below, which readers are told of by the kind of their error.
const std::set<std::string> kNotForReaders = {"channel_invalid",
                                              "channel_not_found",
                                              "not_found",
                                              "plugin_channel_not_found",
                                              "plugin_sentence_input",
                                              "plugin_sentence_unknown",
                                              "removed",
                                              "too_many_messages",
                                              "too_many_notifications",
                                              "edit_not_confirmed",
                                              "too_many_blocks",
                                              "overloaded",
                                              "key_unreadable",
                                              "plugin_child_failed",
                                              "plugin_key_wrong",
                                              "plugin_control_failed",
                                              "plugin_control_refused",
                                              "storage_error"};

std::set<std::string> codes_in_sources() {
  const std::filesystem::path root = CLUSE_SOURCE_DIR;
  const std::regex used(
      R"re((?:fail\(Errc::\w+,|Error\{Errc::\w+,|refuse\(|problem\(request, \d+,|\.id\(\d,|query_id\()re"
      R"re(|refused\(\d+,|Refused\{\d+,|Refused why\{\d+,|std::string_view code = status == \d+ \?))re"
      R"re(\s*"([a-z_]+)")re");
  std::set<std::string> codes;
  for (const char* folder : {"server/domain", "server/api", "server/net", "server/plugin"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root / folder)) {
      const std::string name = entry.path().filename();
      if (!name.ends_with(".cpp") || name.ends_with("_test.cpp") || name.starts_with("testing")) continue;
      // What stops net from starting is told on the console, and rooms speak in close codes.
      if (name == "tls.cpp" || name == "listener.cpp" || name == "server.cpp" || name == "static_files.cpp") continue;
      std::ifstream file(entry.path());
      const std::string text((std::istreambuf_iterator<char>(file)), {});
      for (std::sregex_iterator it(text.begin(), text.end(), used), end; it != end; ++it) codes.insert((*it)[1]);
    }
  }
  return codes;
}

TEST(Sentences, ExistForEveryCode) {
  const auto codes = codes_in_sources();
  EXPECT_GT(codes.size(), 30U) << "the search for codes still finds them";
  for (const auto& code : codes) {
    // Names of query parameters that are ids.
    static const std::set<std::string> kIds = {"parent_id", "workspace_id", "person", "object",
                                               "workspace", "before",       "holder", "organisation"};
    if (kIds.contains(code)) continue;
    if (kNotForReaders.contains(code)) continue;
    EXPECT_NE(find_sentence(code), nullptr) << code;
  }
}

TEST(Sentences, ExistForEveryCodeOfTheContract) {
  std::ifstream file(std::filesystem::path(CLUSE_SOURCE_DIR) / "docs/api.md");
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  const std::regex with_status(R"(`([a-z_]+)` \(?(4\d\d|5\d\d))");
  int found = 0;
  for (std::sregex_iterator it(text.begin(), text.end(), with_status), end; it != end; ++it, ++found)
    EXPECT_NE(find_sentence((*it)[1].str()), nullptr) << (*it)[1];
  EXPECT_GT(found, 20);
}

TEST(Sentences, AreSortedSoThatTheyAreFound) {
  EXPECT_TRUE(std::is_sorted(sentences().begin(), sentences().end(),
                             [](const Sentence& a, const Sentence& b) { return a.code < b.code; }));
  for (const auto& sentence : sentences()) EXPECT_EQ(find_sentence(sentence.code), &sentence) << sentence.code;
  EXPECT_EQ(find_sentence("nothing_of_the_kind"), nullptr);
}

TEST(Sentences, FollowTheTypographyOfTheirLanguage) {
  const std::regex plain_space_before(" [;:!?]| »|« |[^\xAF\xA0][;!?]");
  for (const auto& [code, fr, de] : sentences()) {
    EXPECT_FALSE(std::regex_search(std::string(fr), plain_space_before)) << code << ": " << fr;
    EXPECT_EQ(fr.find('\''), std::string_view::npos) << code;
    EXPECT_EQ(de.find("ß"), std::string_view::npos) << code;
    EXPECT_TRUE(fr.ends_with('.') && de.ends_with('.')) << code;
    EXPECT_NE(fr.find(' '), std::string_view::npos) << code;
  }
}

TEST(Problem, TranslatesWhatComesFromBelow) {
  net::Request request;
  const auto code_of = [&](Errc kind, std::string_view code, std::string field = {}) {
    const auto response = problem(request, domain::Refusal(Error{kind, code, "", std::move(field)}));
    const auto from = response.body.find("\"code\":\"") + 8;
    return std::to_string(response.status) + " " + response.body.substr(from, response.body.find('"', from) - from);
  };
  EXPECT_EQ(code_of(Errc::unavailable, "overloaded"), "503 unavailable");
  EXPECT_EQ(code_of(Errc::conflict, "constraint_violated"), "409 conflict");
  EXPECT_EQ(code_of(Errc::storage_full, "storage_full"), "507 storage_full");
  EXPECT_EQ(code_of(Errc::internal, "blob_damaged"), "500 internal");
  EXPECT_EQ(code_of(Errc::too_large, "update_too_deep"), "413 body_too_large");
  EXPECT_EQ(code_of(Errc::invalid, "field_invalid", "title"), "422 field_invalid");
  EXPECT_EQ(code_of(Errc::invalid, "update_malformed"), "400 body_malformed");
}

TEST(ClientWords, ChooseTheBestLanguageWeSpeak) {
  const std::pair<const char*, Language> cases[] = {
      {"", Language::fr},
      {"de", Language::de},
      {"de-CH,de;q=0.9", Language::de},
      {"en-GB,en;q=0.9", Language::fr},
      {"en, de;q=0.5", Language::de},
      {"fr;q=0.4, de;q=0.6", Language::de},
      {"fr;q=0.6, de;q=0.4", Language::fr},
      {"de;q=0, fr;q=0.1", Language::fr},
      {"DE-ch", Language::de},
      {"den", Language::fr},
      {";;,,;q=", Language::fr},
  };
  for (const auto& [header, language] : cases) EXPECT_EQ(choose_language(header), language) << header;
}

TEST(ClientWords, NameTheDevice) {
  const std::pair<const char*, const char*> cases[] = {
      {"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox, Linux"},
      {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36 "
       "Edg/126.0",
       "Edge, Windows"},
      {"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 "
       "Safari/605.1.15",
       "Safari, macOS"},
      {"Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 Version/17.4 Mobile Safari/604.1",
       "Safari, iOS"},
      {"Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36", "Chrome, Android"},
      {"curl/7.88.1", "curl"},
      {"<script>", ""},
      {"", ""},
  };
  for (const auto& [header, words] : cases) EXPECT_EQ(device_words(header), words) << header;
}

}  // namespace
}  // namespace cluse::api
