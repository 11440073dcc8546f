// What every route and job works with: the host, the caller, and what is kept at hand between calls.
// Thread: the lane.
#pragma once

#include "model/entry.h"
#include "store/entries.h"

#include <cluse/plugin.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace annuaires {

using cluse::Call;
using cluse::Request;
using cluse::Response;
using cluse::Tx;

inline constexpr std::string_view kPlugin = "org.cluse.annuaires";
/// Who holds it keeps the directories.
inline constexpr std::string_view kManagePermission = "organisations.manage";

/// Kept between calls; forgotten when a call that writes begins, and when it fails.
class App {
 public:
  explicit App(cluse::Host host) : host_(host) {}
  [[nodiscard]] const cluse::Host& host() const { return host_; }
  [[nodiscard]] cluse::Storage storage() const { return cluse::Storage(host_); }
  [[nodiscard]] const std::vector<Directory>& directories(Tx& tx);
  [[nodiscard]] const Reference& reference(Tx& tx);
  /// Counts that are dear to make, until something changes.
  [[nodiscard]] std::optional<Value> counted(const std::string& key) const;
  void keep_count(const std::string& key, Value count);
  void forget();         ///< directories, references and counts
  void forget_counts();  ///< after an entry has changed
  /// The same kind and key replace; inside a transaction it exists if that commits.
  void schedule(const Call& call, std::string_view kind, std::string_view key, Moment at,
                const Value& body = Value::map()) const;

 private:
  cluse::Host host_;
  std::optional<std::vector<Directory>> directories_;
  std::optional<Reference> reference_;
  std::map<std::string, Value> counts_;
};

/// One call.
class Context {
 public:
  Context(App& app, const Call& call, bool is_public = false) : app_(app), call_(call), is_public_(is_public) {}

  [[nodiscard]] App& app() const { return app_; }
  [[nodiscard]] const Call& call() const { return call_; }
  [[nodiscard]] std::string user() const { return is_public_ ? std::string() : std::string(call_.user()); }
  [[nodiscard]] Moment now() const { return moment_of(cluse::now()); }
  [[nodiscard]] Author author() const { return {user(), now(), std::nullopt}; }

  /// "fr" or "de": asked for, else of the session.
  void speak(std::string_view language) { language_ = language; }
  [[nodiscard]] std::string language() const;

  /// Holds the permission; asked of the host once a call.
  [[nodiscard]] bool may_manage();
  void must_manage();  ///< throws Failure(403)
  [[nodiscard]] bool is_concerned(const Entry& entry) const { return !user().empty() && entry.account == user(); }
  /// How far the caller sees: of one entry he sees all where it is about him.
  [[nodiscard]] Reader reader();
  [[nodiscard]] Reader reader_of(const Entry& entry);

  template <class F>
  auto read(F&& body) {
    return app_.storage().read(call_, std::forward<F>(body));
  }
  template <class F>
  auto write(F&& body) {
    try {
      app_.forget_counts();
      return app_.storage().write(call_, std::forward<F>(body));
    } catch (...) {
      app_.forget();
      throw;
    }
  }

  [[nodiscard]] const Directory& directory(
      Tx& tx, std::string_view slug);  ///< throws Failure(404) also where it is not to be seen
  [[nodiscard]] const Directory& directory(Tx& tx, Id id);
  [[nodiscard]] const Reference& reference(Tx& tx) { return app_.reference(tx); }

 private:
  App& app_;
  const Call& call_;
  bool is_public_;
  std::string language_;
  std::optional<bool> manages_;
};

using Handler = Response (*)(Context&, const Request&);
struct Route {
  const char* name;  ///< as in plugin.toml
  Handler handler;
  bool is_public = false;
};

}  // namespace annuaires
