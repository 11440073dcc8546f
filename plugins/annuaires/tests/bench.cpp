// 50,000 entries in cluse::test::Host: what a page, a search and an import cost of the plugin itself and its database.
// The times of a running server come on top (a call of a child: docs/plugins). Writes one line a measurement.
#include "desk_host.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

namespace annuaires {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kEntries = 50'000, kRounds = 21;

double ms_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

// Names that share words as real ones do.
std::string list_of(int count) {
  static constexpr const char* kKinds[] = {"Agence", "Syndicat", "Association", "Commune",
                                           "Maison", "Service",  "Bureau",      "Office"};
  static constexpr const char* kPlaces[] = {"Montbéliard", "Belfort",      "Delémont",  "Porrentruy", "Morteau",
                                            "Maîche",      "Saint-Claude", "Neuchâtel", "Yverdon",    "Bienne"};
  static constexpr const char* kPolicies[] = {"mobilites", "economie", "sante", "culture"};
  std::string out = "Nom complet;Courriel;Téléphone;Ville;Politiques;Pays;Échelon;Langues\n";
  for (int i = 0; i < count; ++i) {
    const std::string n = std::to_string(i);
    out += std::string(kKinds[i % 8]) + " " + kPlaces[i / 8 % 10] + " n" + n + ";contact" + n + "@example.org;03 84 " +
           std::to_string(100'000 + i) + ";" + kPlaces[i % 10] + ";" + kPolicies[i % 4] + ";" +
           (i % 3 == 0 ? "CH" : "FR") + ";" + (i % 2 == 0 ? "commune" : "canton") + ";" +
           (i % 5 == 0 ? "fr, de" : "fr") + "\n";
  }
  return out;
}

double median(const std::function<void()>& body) {
  std::vector<double> times;
  for (int i = 0; i < kRounds; ++i) {
    const auto start = Clock::now();
    body();
    times.push_back(ms_since(start));
  }
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

void say(const char* what, double ms, double limit) {
  std::printf("%-44s %9.1f ms   (limit %6.0f)%s\n", what, ms, limit, ms <= limit ? "" : "   TOO SLOW");
}

void run() {
  DeskHost desk;
  desk.call("POST", "/demo");
  desk.call("POST", "/directories", {{"slug", "grand"}, {"name", {{"fr", "Grand"}}}, {"template", "partners"}});
  const std::string list = list_of(kEntries);
  const auto made = desk.call("POST", "/directories/grand/imports", {{"name", "grand.csv"}, {"size", list.size()}});
  const std::string path = "/imports/" + std::to_string(made["import"]["id"].as<std::int64_t>());
  const auto part = made["part_bytes"].as<std::size_t>();
  auto start = Clock::now();
  for (std::size_t i = 0; i * part < list.size(); ++i)
    desk.host.send("PUT", path + "/parts/" + std::to_string(i), std::string_view(list).substr(i * part, part),
                   Value::map(), {"secretariat", "fr-FR"});
  const Value columns = desk.call("POST", path + "/preview")["import"]["columns"];
  say("import: 50,000 rows received and previewed", ms_since(start), 10'000);
  const auto whole = start;
  start = Clock::now();
  desk.call("POST", path + "/check", {{"columns", columns}});
  desk.work(path);
  say("import: every row checked and matched", ms_since(start), 10'000);
  start = Clock::now();
  desk.call("POST", path + "/apply");
  desk.work(path);
  say("import: every row taken", ms_since(start), 10'000);
  say("import: all of it", ms_since(whole), 10'000);
  std::printf("  %s\n", desk.call("GET", path)["import"]["counts"].to_json().c_str());
  const auto get = [&](const char* what, const std::string& of, double limit) {
    say(what, median([&] { desk.call("GET", of); }), limit);
  };
  get("list: first page of 50", "/directories/grand/entries", 30);
  get("list: with filters", "/directories/grand/entries?country=CH&policy=sante", 30);
  get("list: by last change", "/directories/grand/entries?sort=-updated", 30);
  get("list: offset 10,000", "/directories/grand/entries?offset=10000", 30);
  get("list: all directories, with facets", "/entries?facets=1", 30);
  get("list: words and filters", "/entries?q=agence%20delemont&country=CH", 30);
  get("search: a rare word", "/search?q=n4242", 20);
  get("search: a word of 5,000 entries", "/search?q=delemont", 20);
  get("search: two words", "/search?q=syndicat%20belfort", 20);
  get("search: a beginning of two letters", "/search?q=ag", 20);
  get("search: a typo", "/search?q=porentruy", 20);
  get("map", "/map", 100);
  get("duplicates", "/duplicates", 1000);
  start = Clock::now();
  desk.call("GET", "/directories/grand/export/csv");
  say("export: CSV of 50,000", ms_since(start), 10'000);
  start = Clock::now();
  desk.call("POST", path + "/undo");
  desk.work(path);
  say("import: taken back", ms_since(start), 10'000);
}

}  // namespace
}  // namespace annuaires

int main() {
  annuaires::run();
}
