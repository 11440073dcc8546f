// SPDX-License-Identifier: Apache-2.0
//
// Polls: one question, one vote for each person, closed at an hour that was set, gone with the document it stands
// beside.
#include <cluse/plugin.hpp>

#include <chrono>
#include <string>

class Polls final : public cluse::Plugin {
 public:
  explicit Polls(cluse::Host host) : Plugin(host) {
    route("GET /polls", &Polls::list);
    route("POST /polls", &Polls::open);
    route("GET /polls/{poll}", &Polls::show);
    route("POST /polls/{poll}/vote", &Polls::vote);
    ask("document.create", &Polls::name_polls_well);
    notice("document.purged", &Polls::forget);
    job("close", &Polls::close);
  }

 private:
  // The newest first; `?document=` keeps to those beside one.
  cluse::Response list(const cluse::Call& call, const cluse::Request& request) {
    return storage().read(call, [&](cluse::Tx& tx) {
      cluse::Value polls = cluse::Value::array();
      for (const auto& row : tx.all("SELECT id, question, closed, (SELECT count(*) FROM vote WHERE poll = id), "
                                    "(SELECT choice FROM vote WHERE poll = id AND voter = ?1) "
                                    "FROM poll WHERE ?2 = '' OR document = ?2 ORDER BY id DESC LIMIT 200",
                                    call.user(), request.query("document")))
        polls.add({{"poll", row.items()[0]},
                   {"question", row.items()[1]},
                   {"closed", row.items()[2].as<std::int64_t>() != 0},
                   {"votes", row.items()[3]},
                   {"mine", row.items()[4]}});
      return cluse::Response::json({{"polls", polls}});
    });
  }

  cluse::Response open(const cluse::Call& call, const cluse::Request& request) {
    const cluse::Value body = request.body();
    const auto question = body["question"].as<std::string>();
    if (question.empty() || question.size() > 500) throw cluse::Refused("polls.question_length");
    const auto id = storage().write(call, [&](cluse::Tx& tx) {
      tx.run("INSERT INTO poll (question, document) VALUES (?1, ?2)", question,
             body["document"].get_or<std::string>(""));
      const auto made = tx.one<std::int64_t>("SELECT last_insert_rowid()");
      if (const auto at = body["closes_at"].get<std::int64_t>())
        schedule(call, "close", std::to_string(made),
                 std::chrono::system_clock::time_point(std::chrono::milliseconds(*at)), {{"poll", made}});
      return made;
    });
    return cluse::Response::json({{"poll", id}}, 201);
  }

  cluse::Response show(const cluse::Call& call, const cluse::Request& request) {
    return storage().read(call, [&](cluse::Tx& tx) {
      const auto found = tx.all("SELECT question, closed FROM poll WHERE id = ?1", number(request));
      if (found.empty()) throw cluse::NotFound();
      cluse::Value votes = cluse::Value::map();
      for (const auto& row :
           tx.all("SELECT choice, count(*) FROM vote WHERE poll = ?1 GROUP BY choice", number(request)))
        votes.set(row.items()[0].as<std::string>(), row.items()[1]);
      const auto mine = tx.all("SELECT choice FROM vote WHERE poll = ?1 AND voter = ?2", number(request), call.user());
      return cluse::Response::json({{"question", found[0].items()[0]},
                                    {"closed", found[0].items()[1].as<std::int64_t>() != 0},
                                    {"mine", mine.empty() ? cluse::Value() : mine[0].items()[0]},
                                    {"votes", votes}});
    });
  }

  cluse::Response vote(const cluse::Call& call, const cluse::Request& request) {
    const auto choice = request.body()["choice"].as<std::string>();
    const auto votes = storage().write(call, [&](cluse::Tx& tx) {
      if (tx.one<std::int64_t>("SELECT closed FROM poll WHERE id = ?1", number(request)) != 0)
        throw cluse::Refused("polls.closed");
      tx.run("INSERT INTO vote VALUES (?1, ?2, ?3) ON CONFLICT (poll, voter) DO UPDATE SET choice = ?3",
             number(request), call.user(), choice);
      return tx.one<std::int64_t>("SELECT count(*) FROM vote WHERE poll = ?1", number(request));
    });
    return cluse::Response::json({{"votes", votes}});
  }

  void name_polls_well(const cluse::Call&, cluse::Value& document) {
    const auto title = document["title"].as<std::string>();
    if (title == "Sondage") throw cluse::Refused("polls.say_about_what");
    if (title.starts_with("sondage ")) document.set("title", "Sondage " + title.substr(8));
  }

  void forget(const cluse::Call& call, const cluse::Value& event) {
    storage().write(call, [&](cluse::Tx& tx) {
      tx.run("DELETE FROM poll WHERE document = ?1", event["object"].as<std::string>());
    });
  }

  void close(const cluse::Call& call, const cluse::Value& body) {
    storage().write(call, [&](cluse::Tx& tx) { tx.run("UPDATE poll SET closed = 1 WHERE id = ?1", body["poll"]); });
  }

  static std::int64_t number(const cluse::Request& request) {
    const auto value = cluse::Value::from_json(request.param("poll"));
    if (!value || !value->get<std::int64_t>()) throw cluse::NotFound();
    return value->as<std::int64_t>();
  }
};

CLUSE_PLUGIN(Polls)
