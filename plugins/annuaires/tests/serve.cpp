// The plugin in a host behind standard input and output, for the screens while they are made (web/dev): each line a
// request {method, path, body, headers}, each answer a line {status, headers, body}. The sample content is loaded.
#include "desk_host.h"

#include <iostream>
#include <string>

namespace annuaires {
namespace {

void run() {
  DeskHost desk;
  desk.call("POST", "/demo");
  desk.call("POST", "/directories/organismes/entries",
            {{"values",
              {{"name", {{"fr", "Maison « test », Maîche"}}},
               {"email", "test@example.org"},
               {"phone", "03 84 00 00 00"},
               {"address", {{"street", "1, rue de l’Église"}, {"postcode", "25120"}, {"city", "Maîche"}}},
               {"about", {{"fr", "Une ligne\nEND:VCARD\nune autre, avec ; et \\"}}}}}});
  for (std::string line; std::getline(std::cin, line);) {
    const auto request = Value::from_json(line).value_or(Value::map());
    const auto answer =
        desk.host.send(request["method"].get_or<std::string>("GET"), request["path"].get_or<std::string>("/"),
                       request["body"].get_or<std::string>(""), request["headers"], {"secretariat", "fr-FR"});
    Value headers = Value::map();
    for (const auto& [name, value] : answer.headers) headers.set(name, value);
    std::fputs((Value{{"status", answer.status}, {"headers", headers}, {"body", answer.body}}.to_json() + "\n").c_str(),
               stdout);
    std::fflush(stdout);
  }
}

}  // namespace
}  // namespace annuaires

int main() {
  annuaires::run();
}
