// Counts: in memory, handed over from version to version, and in its database. Says "<version> <memory> <database>".
#include <cluse/plugin.hpp>

#include <cstdlib>

namespace {

constexpr std::string_view kVersion = KEEPER_VERSION;

class Keeper final : public cluse::Plugin {
 public:
  explicit Keeper(cluse::Host host) : Plugin(host) {
    route("GET /count", &Keeper::count);
    route("GET /die", &Keeper::die);
    route("GET /say", &Keeper::say);
  }

 private:
  void on_start() override {
    if (kVersion == "broken") throw std::runtime_error("it will not start");
  }
  cluse::Value on_save() override { return {{"count", count_}}; }
  void on_load(const cluse::Value& state) override {
    if (kVersion == "forgetful") throw std::runtime_error("it will not take over");
    count_ = state["count"].as<std::int64_t>();
  }
  cluse::Response count(const cluse::Call& call, const cluse::Request&) {
    const auto rows = storage().write(call, [](cluse::Tx& tx) {
      const bool marks = kVersion == "3";
      tx.run(marks ? "INSERT INTO visit (version, mark) VALUES (?1, 'x')" : "INSERT INTO visit (version) VALUES (?1)",
             kVersion);
      return tx.one<std::int64_t>("SELECT count(*) FROM visit");
    });
    return cluse::Response::text(std::string(kVersion) + ' ' + std::to_string(++count_) + ' ' + std::to_string(rows));
  }
  cluse::Response die(const cluse::Call&, const cluse::Request&) { std::abort(); }
  cluse::Response say(const cluse::Call&, const cluse::Request& request) {
    host().info(request.query("line"));
    return cluse::Response::empty();
  }

  std::int64_t count_ = 0;
};

}  // namespace

CLUSE_PLUGIN(Keeper)
