#include "server/domain/search/query.h"

#include <algorithm>
#include <utility>

namespace cluse::domain::search {
namespace {

// From here on the beginning of a word is enough: «veloverb» finds «Veloverbindung».
constexpr std::size_t kPrefixBytesMin = 3;
constexpr std::string_view kCut = "…";

bool opens_phrase(std::string_view rest, std::size_t& size) {
  for (const std::string_view mark : {"\"", "«", "»", "“", "”", "„"})
    if (rest.starts_with(mark)) return (size = mark.size()) != 0;
  return false;
}

// The text in parts: outside and inside quotation marks, by turns.
std::vector<std::string_view> parts_of(std::string_view text) {
  std::vector<std::string_view> parts;
  std::size_t from = 0;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t size = 1;
    if (opens_phrase(text.substr(at), size)) {
      parts.push_back(text.substr(from, at - from));
      from = at + size;
    }
    at += size;
  }
  parts.push_back(text.substr(from));
  return parts;
}

// Paragraphs and cells stand on lines of their own, and must not run into each other.
std::string in_one_line(std::string_view text) {
  std::string line;
  bool between = false;
  for (const char c : text) {
    if (c == '\n') {
      between = !line.empty();
      continue;
    }
    if (std::exchange(between, false)) line += " · ";
    line += c;
  }
  return line;
}

std::string quoted(const std::string& word) {
  return '"' + word + '"';
}

}  // namespace

std::set<std::string> stems_of_word(const std::string& folded) {
  return {folded, stem(folded, "fr"), stem(folded, "de")};
}

Query::Query(std::string_view text) {
  const auto parts = parts_of(text.substr(0, kQueryBytesMax));
  std::vector<Term> common;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto words = words_of(parts[i]);
    if (i % 2 == 1 && words.size() > 1) {
      Term phrase;
      for (const Word& word : words) phrase.folded.push_back(word.folded);
      terms_.push_back(std::move(phrase));
      continue;
    }
    for (const Word& word : words) (is_common(word.folded) ? common : terms_).push_back({{word.folded}, {}});
  }
  if (terms_.empty()) terms_ = std::move(common);
  if (terms_.size() > kTermsMax) terms_.resize(kTermsMax);
}

std::string Query::match() const {
  std::string all;
  for (const Term& term : terms_) {
    std::set<std::string> ways;
    if (!term.instead.empty()) {
      ways.insert(quoted(term.instead));
    } else if (term.folded.size() == 1) {
      const std::string& word = term.folded.front();
      for (const auto& each : stems_of_word(word)) ways.insert(quoted(each));
      if (word.size() >= kPrefixBytesMin) ways.insert(quoted(word) + " *");
    } else {
      for (const char* language : {"", "fr", "de"}) {
        std::string phrase;
        for (const auto& word : term.folded) phrase += (phrase.empty() ? "" : " ") + stem(word, language);
        ways.insert(quoted(phrase));
      }
    }
    std::string any;
    for (const auto& way : ways) any += (any.empty() ? "" : " OR ") + way;
    all += (all.empty() ? "(" : " AND (") + any + ")";
  }
  return all;
}

std::vector<std::string> Query::words() const {
  std::vector<std::string> words;
  for (const Term& term : terms_)
    if (term.folded.size() == 1) words.push_back(term.folded.front());
  return words;
}

void Query::replace(const std::string& folded, const std::string& stem) {
  for (Term& term : terms_)
    if (term.folded.size() == 1 && term.folded.front() == folded) term.instead = stem;
}

const Query::Term* Query::term_of(const Word& word, std::string_view language) const {
  const std::string root = stem(word.folded, language);
  const auto means = [&](const Term& term) {
    if (!term.instead.empty()) return root == term.instead;
    return std::ranges::any_of(term.folded, [&](const std::string& asked) {
      const bool begins = asked.size() >= kPrefixBytesMin && word.folded.starts_with(asked);
      return begins || stems_of_word(asked).contains(root);
    });
  };
  const auto found = std::ranges::find_if(terms_, means);
  return found == terms_.end() ? nullptr : &*found;
}

bool Query::hits(const Word& word, std::string_view language) const {
  return term_of(word, language) != nullptr;
}

std::vector<Run> Query::marked(std::string_view text, std::string_view language) const {
  std::vector<Run> runs;
  std::size_t from = 0;
  for (const Word& word : words_of(text)) {
    if (!hits(word, language)) continue;
    if (word.begin > from) runs.push_back({std::string(text.substr(from, word.begin - from)), false});
    runs.push_back({std::string(text.substr(word.begin, word.size)), true});
    from = word.begin + word.size;
  }
  if (from < text.size()) runs.push_back({std::string(text.substr(from)), false});
  return runs;
}

std::vector<Run> Query::excerpt(std::string_view text, std::string_view language, std::size_t bytes) const {
  const auto words = words_of(text);
  if (words.empty()) return {};
  std::vector<std::pair<std::size_t, const Term*>> found;
  for (std::size_t i = 0; i < words.size(); ++i)
    if (const Term* term = term_of(words[i], language); term != nullptr) found.emplace_back(i, term);
  // The stretch in which most of the terms meet; the first of several.
  std::size_t best = 0, most = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    std::set<const Term*> met;
    const std::size_t begin = words[found[i].first].begin;
    for (std::size_t j = i; j < found.size() && words[found[j].first].begin - begin < bytes * 2 / 3; ++j)
      met.insert(found[j].second);
    if (met.size() > most) most = met.size(), best = found[i].first;
  }
  std::size_t first = best;
  while (first > 0 && words[best].begin - words[first - 1].begin < bytes / 4) --first;
  std::size_t last = best;
  while (last + 1 < words.size() && words[last + 1].begin + words[last + 1].size - words[first].begin < bytes) ++last;
  const std::size_t begin = first == 0 ? 0 : words[first].begin;
  const std::size_t end = last + 1 == words.size() ? text.size() : words[last].begin + words[last].size;
  const std::string piece = in_one_line(text.substr(begin, end - begin));
  auto runs = marked(piece, language);
  if (begin > 0) runs.insert(runs.begin(), {std::string(kCut), false});
  if (end < text.size()) runs.push_back({std::string(kCut), false});
  return runs;
}

}  // namespace cluse::domain::search
