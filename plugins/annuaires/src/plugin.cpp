// The plugin as the host sees it: its routes and jobs, and how what went wrong is said.
#include "app.h"
#include "jobs/jobs.h"
#include "model/words.h"
#include "routes/reminders.h"
#include "routes/routes.h"
#include "services.h"

#include <cluse/plugin.hpp>

#include <map>
#include <memory>
#include <string>

namespace annuaires {
namespace {

std::string sentence(Context& context, const std::string& code) {
  try {
    return services::text(context.app().host(), context.language(), "error." + code);
  } catch (const std::exception&) {
    return code;  // an error must be told, whatever else fails
  }
}

Response problem(Context& context, const Failure& why) {
  Value body = {{"type", "about:blank"},
                {"title", why.what()},
                {"status", why.status},
                {"code", why.what()},
                {"detail", sentence(context, why.what())}};
  if (!why.field.empty()) body.set("field", why.field);
  if (!why.current.is_null()) body.set("current", why.current);
  Value errors = Value::array();
  for (const Problem& one : why.problems)
    errors.add({{"field", one.field}, {"code", one.code}, {"detail", sentence(context, one.code)}});
  if (!errors.items().empty()) body.set("errors", errors);
  Response response = Response::json(body, why.status);
  response.headers.front().second = "application/problem+json";
  return response;
}

}  // namespace

class Annuaires final : public cluse::Plugin {
 public:
  explicit Annuaires(cluse::Host host) : Plugin(host), app_(host) {
    for (const Route& one : routes::all()) {
      table_.emplace(one.name, &one);
      route(one.name, &Annuaires::answer);
    }
    job("import", &Annuaires::import);
    job("index", &Annuaires::index);
    job("project", &Annuaires::project);
    job("reminders", &Annuaires::remind);
    job("tell", &Annuaires::tell);
    notice("notify.failed", &Annuaires::bounced);
    notice("person.erased", &Annuaires::forget);
  }

 private:
  void on_start() override { app_.schedule(Call(nullptr), "reminders", "", moment_of(cluse::now())); }

  Response answer(const Call& call, const Request& request) {
    const Route& route = *table_.at(std::string(request.route()));
    Context context(app_, call, route.is_public);
    const std::string language = request.query("lang");
    if (language == "fr" || language == "de") context.speak(language);
    try {
      return route.handler(context, request);
    } catch (const Failure& why) {
      return problem(context, why);
    } catch (const cluse::NotFound&) {
      return problem(context, Failure(404, "not_found"));
    } catch (const cluse::Malformed&) {
      return problem(context, Failure(400, "field_wrong"));
    }
  }

  void import(const Call& call, const Value& body) {
    Context context(app_, call);
    jobs::import(context, body, file_);
  }
  void index(const Call& call, const Value&) {
    Context context(app_, call);
    jobs::index(context);
  }
  void project(const Call& call, const Value& body) {
    Context context(app_, call);
    jobs::project(context, body);
  }
  void remind(const Call& call, const Value&) {
    Context context(app_, call);
    jobs::reminders(context);
  }
  void tell(const Call& call, const Value& body) {
    Context context(app_, call);
    jobs::tell(context, body);
  }
  void bounced(const Call& call, const Value& notice) {
    Context context(app_, call);
    routes::mark_bounced(context, notice);
  }
  void forget(const Call& call, const Value& notice) {
    Context context(app_, call);
    jobs::forget_person(context, notice);
  }

  App app_;
  std::map<std::string, const Route*, std::less<>> table_;
  std::unique_ptr<jobs::OpenFile> file_;
};

}  // namespace annuaires

CLUSE_PLUGIN(annuaires::Annuaires)
