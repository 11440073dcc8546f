// Keeps what the asker tells others, and tells in its turn that it has heard: the other end of cluse.events/1.
#include <cluse/plugin.hpp>

#include <stdexcept>
#include <string>

class Listener final : public cluse::Plugin {
 public:
  explicit Listener(cluse::Host host) : Plugin(host) {
    route("GET /heard", &Listener::show);
    notice("org.example.asker:thing.changed", &Listener::hear);
  }

 private:
  // What "fails" is refused once; the second time it is as good as any other.
  void hear(const cluse::Call& call, const cluse::Value& event) {
    if (event["body"]["fails"].get_or<bool>(false) && !std::exchange(has_failed_, true))
      throw std::runtime_error("not this time");
    cluse::Value said = event;
    said.set("sequence", nullptr);
    said.set("at", nullptr);
    storage().write(call, [&](cluse::Tx& tx) {
      tx.run("INSERT INTO heard (sequence, said) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET times = times + 1",
             event["sequence"].as<std::int64_t>(), said.to_json());
      emit(call, "thing.heard", event["body"]);
    });
  }

  cluse::Response show(const cluse::Call& call, const cluse::Request&) {
    std::string lines;
    storage().read(call, [&](cluse::Tx& tx) {
      for (const auto& row : tx.all("SELECT said FROM heard ORDER BY sequence"))
        lines += row.items()[0].as<std::string>() + "\n";
    });
    return cluse::Response::text(lines);
  }

  bool has_failed_ = false;
};

CLUSE_PLUGIN(Listener)
