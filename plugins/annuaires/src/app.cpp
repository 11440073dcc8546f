#include "app.h"

#include "model/words.h"
#include "services.h"
#include "store/directories.h"

#include <algorithm>

namespace annuaires {
namespace {

constexpr std::size_t kCountsMax = 200;

}  // namespace

const std::vector<Directory>& App::directories(Tx& tx) {
  if (!directories_) directories_ = load_directories(tx);
  return *directories_;
}

const Reference& App::reference(Tx& tx) {
  if (!reference_) reference_ = load_reference(tx);
  return *reference_;
}

std::optional<Value> App::counted(const std::string& key) const {
  const auto found = counts_.find(key);
  if (found == counts_.end()) return std::nullopt;
  return found->second;
}

void App::keep_count(const std::string& key, Value count) {
  if (counts_.size() >= kCountsMax) counts_.clear();
  counts_.insert_or_assign(key, std::move(count));
}

void App::forget() {
  directories_.reset();
  reference_.reset();
  counts_.clear();
}

void App::forget_counts() {
  counts_.clear();
}

void App::schedule(const Call& call, std::string_view kind, std::string_view key, Moment at, const Value& body) const {
  const auto* jobs = host_.need<cluse_host_jobs>(CLUSE_EXT_JOBS);
  const std::string encoded = body.to_cbor();
  const auto status =
      jobs->schedule(host_.c(), call.c(), cluse::to_c(kind), cluse::to_c(key), at, cluse::bytes_of(encoded));
  if (status != CLUSE_OK) throw cluse::HostError(status, "schedule");
}

std::string Context::language() const {
  return language_.empty() ? language_of(call_.locale()) : language_;
}

bool Context::may_manage() {
  if (user().empty()) return false;
  if (!manages_) manages_ = services::may(app_.host(), call_, kManagePermission);
  return *manages_;
}

void Context::must_manage() {
  if (!may_manage()) throw Failure(403, "not_allowed");
}

Reader Context::reader() {
  if (user().empty()) return {Audience::everybody, language()};
  return {may_manage() ? Audience::few : Audience::members, language()};
}

Reader Context::reader_of(const Entry& entry) {
  Reader reader = this->reader();
  if (is_concerned(entry)) reader.audience = Audience::few;
  return reader;
}

const Directory& Context::directory(Tx& tx, std::string_view slug) {
  const auto& all = app_.directories(tx);
  const auto found = std::ranges::find(all, slug, &Directory::slug);
  if (found == all.end() || (user().empty() && !found->is_public)) throw Failure(404, "not_found", "directory");
  return *found;
}

const Directory& Context::directory(Tx& tx, Id id) {
  const auto& all = app_.directories(tx);
  const auto found = std::ranges::find(all, id, &Directory::id);
  if (found == all.end()) throw Failure(404, "not_found", "directory");
  return *found;
}

}  // namespace annuaires
