// The service cluse.search/1: what a plugin lets people find. Objects are kept in the plugin's own file, part of its
// transactions, and carried over to the search index between its calls.
#pragma once

#include "server/plugin/services/service.h"
#include "server/storage/database.h"
#include "server/storage/search_index.h"

#include <chrono>
#include <map>
#include <mutex>
#include <string>

namespace cluse::plugin {

inline constexpr std::size_t kObjectKeyBytesMax = 200;
inline constexpr std::size_t kObjectTitleBytesMax = 1'000;
inline constexpr std::size_t kObjectTextBytesMax = 64U << 10;
inline constexpr std::size_t kObjectUrlBytesMax = 1'000;
inline constexpr int kHitsMax = 50;
inline constexpr int kCarriedAtOnce = 100;  ///< objects, in one transaction of the index

/// put {key, kind, title, text, url, language?, readers} → {}
/// remove {key} → {}
/// find {words, limit?} → {hits: [{key, kind, title, extract, url}]}, of the plugin's own that the caller may read
class SearchService final : public Service {
 public:
  /// Both outlive it.
  SearchService(storage::Database& database, storage::SearchIndex& index) : database_(database), index_(index) {}

  std::int32_t serve(const Caller& caller, std::string_view operation, const Value& body, Value& answer) override;
  bool tend(const Manifest& plugin, storage::PluginStore& store) override;
  void closed(const std::string& plugin) override;
  void installed(const std::set<std::string>& plugins) override;

 private:
  Result<Value> find(const Caller& caller, const Value& body) const;
  Result<bool> carry(const std::string& plugin, storage::PluginStore& store);
  [[nodiscard]] bool is_time(const std::string& plugin, bool has_news);

  storage::Database& database_;
  storage::SearchIndex& index_;
  std::mutex mutex_;
  std::map<std::string, std::chrono::steady_clock::time_point> looked_at_;  ///< guarded by mutex_
};

}  // namespace cluse::plugin
