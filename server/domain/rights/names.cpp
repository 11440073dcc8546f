#include "server/domain/rights/names.h"

namespace cluse::domain::rights {
namespace {

std::string_view holder_sql(HolderKind kind) {
  switch (kind) {
    case HolderKind::person: return "SELECT name FROM person WHERE id = ? AND erased_at IS NULL";
    case HolderKind::mandate:
      return "SELECT m.function || ', ' || o.short_name || ' (' || p.name || ')' FROM mandate m "
             "JOIN organisation o ON o.id = m.organisation_id JOIN person p ON p.id = m.person_id WHERE m.id = ?";
    case HolderKind::organisation: return "SELECT name FROM organisation WHERE id = ?";
    case HolderKind::group: break;
  }
  return "SELECT name FROM access_group WHERE id = ?";
}

std::string_view object_sql(ScopeKind kind) {
  switch (kind) {
    case ScopeKind::territory: return "SELECT name FROM territory WHERE id = ?";
    case ScopeKind::workspace: return "SELECT name FROM workspace WHERE id = ?";
    case ScopeKind::document: return "SELECT title FROM document WHERE id = ?";
    case ScopeKind::instance: break;
  }
  return {};
}

}  // namespace

std::optional<std::string> Names::read(const Holder& holder) {
  auto seen = holders_.find(holder.id);
  if (seen == holders_.end()) {
    const auto row = snapshot_.one(holder_sql(holder.kind), {holder.id});
    seen = holders_.emplace(holder.id, row ? std::optional(row->text(0)) : std::nullopt).first;
  }
  return seen->second;
}

NamedHolder Names::of(const Holder& holder) {
  return {holder, read(holder).value_or("")};
}

bool Names::exists(const Holder& holder) {
  return read(holder).has_value();
}

NamedObject Names::of(const Object& object) {
  if (object.kind == ScopeKind::instance) return {object, ""};
  auto seen = objects_.find(object.id);
  if (seen == objects_.end()) {
    const auto row = snapshot_.one(object_sql(object.kind), {object.id});
    seen = objects_.emplace(object.id, row ? row->text(0) : std::string()).first;
  }
  return {object, seen->second};
}

}  // namespace cluse::domain::rights
