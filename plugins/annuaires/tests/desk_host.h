// The plugin in a host, for programs that are no tests.
#pragma once

#ifndef CLUSE_PLUGIN_FOLDER
#define CLUSE_PLUGIN_FOLDER "."  // the build of the tests says where it lies
#endif

#include <cluse/test.hpp>

#include <chrono>
#include <stdexcept>
#include <string>

namespace annuaires {

using cluse::Value;

struct DeskHost {
  DeskHost() {
    host.answer("cluse.core/1", "rights.may", [](const Value&) { return Value{{"may", true}}; });
    host.answer("cluse.core/1", "person.get", [](const Value& body) {
      return Value{{"id", body["id"]}, {"name", "Secrétariat"}};
    });
  }
  Value call(const char* method, const std::string& path, const Value& body = {}) {
    const auto answer = host.call(method, path, body, {"secretariat", "fr-FR"});
    if (answer.status >= 300)
      throw std::runtime_error(path + ": " + std::to_string(answer.status) + " " + answer.body.substr(0, 300) +
                               answer.why);
    return answer.json();
  }
  /// Performs what is due until the import rests.
  void work(const std::string& path) {
    for (int i = 0; i < 1000; ++i) {
      host.advance(std::chrono::milliseconds(1));
      const auto state = call("GET", path)["import"]["state"].as<std::string>();
      if (!state.ends_with("ing")) return;
    }
    throw std::runtime_error("the import does not end");
  }
  cluse::test::Host host;
};

}  // namespace annuaires
