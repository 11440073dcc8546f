// SPDX-License-Identifier: Apache-2.0
//
// Webhooks: what happens to documents is sent on, signed. Nothing is lost when the other end is away: each notice
// becomes a delivery, and a job brings it there, again after 1 s, 2 s, 4 s, … until it was taken.
//
// A receiver checks `X-Cluse-Signature: t=<seconds>,v1=<hex>`: HMAC-SHA-256 of "<seconds>.<body>" with the secret.
#include "hmac.hpp"

#include <cluse/plugin.hpp>

class Webhooks final : public cluse::Plugin {
 public:
  explicit Webhooks(cluse::Host host) : Plugin(host) {
    route("GET /hooks", &Webhooks::list);
    route("POST /hooks", &Webhooks::add);
    route("DELETE /hooks/{hook}", &Webhooks::remove);
    for (const char* verb : {"document.created", "document.renamed", "document.trashed", "document.purged"})
      notice(verb, &Webhooks::on_event);
    job("deliver", &Webhooks::deliver);
  }

 private:
  static constexpr std::int64_t kHooksMax = 20, kDeliveriesKept = 1'000;

  // Whoever administers the server says what leaves it.
  void require_administrator(const cluse::Call& call) const {
    if (!core().may(call, "administrators.manage")) throw cluse::Refused("webhooks.administrators");
  }

  cluse::Response list(const cluse::Call& call, const cluse::Request&) {
    require_administrator(call);
    const auto rows = storage().read(call, [](cluse::Tx& tx) {
      return tx.all(
          "SELECT h.id, h.url, (SELECT count(*) FROM delivery d WHERE d.hook = h.id AND d.delivered = 0),"
          " (SELECT d.status FROM delivery d WHERE d.hook = h.id ORDER BY d.id DESC LIMIT 1) FROM hook h ORDER BY "
          "h.id");
    });
    cluse::Value hooks = cluse::Value::array();
    for (const auto& row : rows) {
      const auto& column = row.items();
      hooks.add({{"hook", column[0]}, {"url", column[1]}, {"waiting", column[2]}, {"last_status", column[3]}});
    }
    return cluse::Response::json({{"hooks", hooks}});
  }

  cluse::Response add(const cluse::Call& call, const cluse::Request& request) {
    require_administrator(call);
    const cluse::Value body = request.body();
    const auto url = body["url"].as<std::string>(), secret = body["secret"].as<std::string>();
    if (!url.starts_with("https://") || secret.size() < 16) throw cluse::Malformed("url or secret");
    const auto hook = storage().write(call, [&](cluse::Tx& tx) {
      if (tx.one<std::int64_t>("SELECT count(*) FROM hook") >= kHooksMax) throw cluse::Refused("webhooks.too_many");
      tx.run("INSERT INTO hook (url, secret) VALUES (?1, ?2) ON CONFLICT (url) DO UPDATE SET secret = excluded.secret",
             url, secret);
      return tx.one<std::int64_t>("SELECT id FROM hook WHERE url = ?1", url);
    });
    return cluse::Response::json({{"hook", hook}}, 201);
  }

  cluse::Response remove(const cluse::Call& call, const cluse::Request& request) {
    require_administrator(call);
    storage().write(call, [&](cluse::Tx& tx) {
      tx.run("DELETE FROM delivery WHERE hook = CAST(?1 AS INTEGER)", request.param("hook"));
      tx.run("DELETE FROM hook WHERE id = CAST(?1 AS INTEGER)", request.param("hook"));
    });
    return cluse::Response::empty();
  }

  // The delivery and its job exist together or not at all.
  void on_event(const cluse::Call& call, const cluse::Value& event) {
    storage().write(call, [&](cluse::Tx& tx) {
      for (const auto& row : tx.all("SELECT id FROM hook")) {
        const auto hook = row.items()[0].as<std::int64_t>();
        const auto sequence = event["sequence"].as<std::int64_t>();
        if (tx.one_if<std::int64_t>("SELECT 1 FROM delivery WHERE hook = ?1 AND sequence = ?2", hook, sequence))
          continue;
        tx.run("INSERT INTO delivery (hook, sequence, body) VALUES (?1, ?2, ?3)", hook, sequence, event.to_json());
        const auto id = tx.one<std::int64_t>("SELECT max(id) FROM delivery");
        schedule(call, "deliver", std::to_string(id), cluse::now(), {{"delivery", id}});
      }
      tx.run("DELETE FROM delivery WHERE delivered = 1 AND id <= (SELECT max(id) FROM delivery) - ?1", kDeliveriesKept);
    });
  }

  void deliver(const cluse::Call& call, const cluse::Value& work) {
    const auto id = work["delivery"].as<std::int64_t>();
    const auto rows = storage().read(call, [&](cluse::Tx& tx) {
      return tx.all(
          "SELECT h.url, h.secret, d.body FROM delivery d JOIN hook h ON h.id = d.hook"
          " WHERE d.id = ?1 AND d.delivered = 0",
          id);
    });
    if (rows.empty()) return;  // delivered before, or nobody wants it any more
    const auto url = rows[0].items()[0].as<std::string>(), secret = rows[0].items()[1].as<std::string>(),
               body = rows[0].items()[2].as<std::string>();
    const auto seconds =
        std::to_string(std::chrono::duration_cast<std::chrono::seconds>(cluse::now().time_since_epoch()).count());
    const cluse::Value headers = {
        {"Content-Type", "application/json"},
        {"X-Cluse-Delivery", std::to_string(id)},
        {"X-Cluse-Signature", "t=" + seconds + ",v1=" + hmac::sign(secret, seconds + "." + body)}};
    const int status = send(url, headers, body);
    const bool taken = status >= 200 && status < 300;
    storage().write(call, [&](cluse::Tx& tx) {
      tx.run("UPDATE delivery SET tries = tries + 1, status = ?2, delivered = ?3 WHERE id = ?1", id, status, taken);
    });
    // A job that throws is tried again by the host.
    if (!taken) throw std::runtime_error("the other end answered " + std::to_string(status));
  }

  // 0: nobody answered.
  int send(const std::string& url, const cluse::Value& headers, const std::string& body) const {
    try {
      return net().fetch("POST", url, headers, body).status;
    } catch (const cluse::HostError& e) {
      if (e.status == CLUSE_TIMEOUT || e.status == CLUSE_LIMIT) return 0;
      throw;
    }
  }
};

CLUSE_PLUGIN(Webhooks)
