// SPDX-License-Identifier: Apache-2.0
//
// The services that a plugin under test asks: recorded, and answered by the test. Sentences and search work by
// themselves; what is published, emitted or sent is taken and recorded. Part of test.hpp, which brings it along.
#pragma once

#include <cluse/plugin.hpp>
#include <cluse/test_texts.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cluse::test {

/// One question of the plugin's.
struct Asked {
  std::string operation;
  Value body;
  std::string user;  ///< empty: for the plugin itself, or somebody without a session
};

namespace detail {

class Services {
 public:
  using Answer = std::function<Value(const Value& body)>;

  explicit Services(const std::filesystem::path& folder) : texts_(folder) {}

  std::map<std::string, std::vector<Asked>, std::less<>> asked;
  std::map<std::pair<std::string, std::string>, Answer> answers;

  /// As a host serves; what is wrong goes to `why`.
  cluse_status serve(const std::string& service, const std::string& operation, const Value& body,
                     const std::string& user, const std::string& locale, Value& answer, std::string& why) {
    asked[service].push_back({operation, body, user});
    try {
      if (const auto given = answers.find({service, operation}); given != answers.end()) {
        answer = given->second(body);
        return CLUSE_OK;
      }
      return own(service, operation, body, locale, answer);
    } catch (const Refused& e) {
      return said(CLUSE_REFUSED, e, why);
    } catch (const NotFound& e) {
      return said(CLUSE_NOT_FOUND, e, why);
    } catch (const HostError& e) {
      return said(e.status, e, why);
    } catch (const Mismatch& e) {
      return said(CLUSE_INVALID, e, why);
    } catch (const std::invalid_argument& e) {
      return said(CLUSE_INVALID, e, why);
    }
  }

 private:
  static cluse_status said(cluse_status status, const std::exception& e, std::string& why) {
    why = e.what();
    return status;
  }
  cluse_status own(const std::string& service, const std::string& operation, const Value& body,
                   const std::string& locale, Value& answer) {
    answer = Value::map();
    if (service == CLUSE_EXT_I18N && operation == "text") {
      answer.set("text", say(body["locale"].get_or<std::string>(locale), body["key"].as<std::string>(), body["args"]));
      return CLUSE_OK;
    }
    if (service == CLUSE_EXT_NOTIFY && operation == "send") return send(body);
    if (service == CLUSE_EXT_SEARCH) return search(operation, body, answer);
    if (service == CLUSE_EXT_REALTIME && (operation == "publish" || operation == "recheck")) return CLUSE_OK;
    if (service == CLUSE_EXT_EVENTS && operation == "emit") return CLUSE_OK;
    return CLUSE_UNSUPPORTED;
  }
  std::string say(const std::string& locale, const std::string& key, const Value& args) const {
    if (!texts_.has(key)) throw NotFound(key);
    return texts_.text(locale, key, args);
  }
  // In both languages: a message lacks nothing because of who reads it.
  cluse_status send(const Value& body) const {
    const auto key = body["key"].as<std::string>();
    if (body["to"].items().empty()) throw Mismatch("nobody to send it to");
    for (const char* locale : {"fr-FR", "de-DE"})
      for (const char* part : {".subject", ".body"}) static_cast<void>(say(locale, key + part, body["args"]));
    return CLUSE_OK;
  }
  static std::string folded(std::string_view text) {
    std::string out(text);
    for (char& c : out)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
    return out;
  }
  cluse_status search(const std::string& operation, const Value& body, Value& answer) {
    if (operation == "put") {
      for (const char* field : {"kind", "title", "text", "url"}) static_cast<void>(body[field].as<std::string>());
      if (body["readers"].items().empty()) throw Mismatch("an object without readers");
      found_[body["key"].as<std::string>()] = body;
      return CLUSE_OK;
    }
    if (operation == "remove") {
      found_.erase(body["key"].as<std::string>());
      return CLUSE_OK;
    }
    if (operation != "find") return CLUSE_UNSUPPORTED;
    Value hits = Value::array();
    const std::string words = folded(body["words"].as<std::string>());
    for (const auto& [key, object] : found_) {
      const auto title = object["title"].as<std::string>(), text = object["text"].as<std::string>();
      if (folded(title + " " + text).find(words) == std::string::npos) continue;
      hits.add({{"key", key}, {"kind", object["kind"]}, {"title", title}, {"extract", text.substr(0, 200)}});
    }
    answer.set("hits", hits);
    return CLUSE_OK;
  }

  Texts texts_;
  std::map<std::string, Value> found_;
};

}  // namespace detail
}  // namespace cluse::test
