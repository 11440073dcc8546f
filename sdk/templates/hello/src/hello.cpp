// SPDX-License-Identifier: Apache-2.0
//
// The smallest plugin there is: it greets whoever asks, in her language.
#include <cluse/plugin.hpp>

class Hello final : public cluse::Plugin {
 public:
  explicit Hello(cluse::Host host) : Plugin(host) { route("GET /hello", &Hello::greet); }

 private:
  cluse::Response greet(const cluse::Call& call, const cluse::Request& request) {
    const bool german = call.locale().starts_with("de");
    const std::string name = request.query("name");
    const std::string words = std::string(german ? "Guten Tag" : "Bonjour") + (name.empty() ? "" : " " + name);
    return cluse::Response::json({{"greeting", words}});
  }
};

CLUSE_PLUGIN(Hello)
