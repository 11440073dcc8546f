#include "vcard.h"

#include <algorithm>
#include <cctype>
#include <optional>

namespace annuaires {
namespace {

constexpr std::size_t kLineOctets = 75;
constexpr std::size_t kLineMax = 64U << 10;

std::string escaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\r') {
      if (text.substr(i + 1, 1) != "\n") out += "\\n";
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\\' || c == ',' || c == ';') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) {
      out += c;
    } else {
      out += ' ';
    }
  }
  return out;
}

// Addresses of the web keep their commas and semicolons; a line end has no place in them.
std::string one_line(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (static_cast<unsigned char>(c) > 0x20 && c != 0x7f) out += c;
  return out;
}

void add_line(std::string& out, std::string_view name, std::string_view value) {
  std::string line = std::string(name) + ":" + std::string(value);
  std::size_t room = kLineOctets;
  std::string_view rest = line;
  while (rest.size() > room) {
    std::size_t end = room;
    while (end > 1 && (static_cast<unsigned char>(rest[end]) & 0xc0) == 0x80) --end;
    out.append(rest.substr(0, end)).append("\r\n ");
    rest.remove_prefix(end);
    room = kLineOctets - 1;
  }
  out.append(rest).append("\r\n");
}

std::string joined(const std::vector<std::string>& all) {
  std::string out;
  for (const auto& one : all) out += (out.empty() ? "" : ",") + escaped(one);
  return out;
}

std::string revision(const std::string& moment, VcardVersion version) {
  if (version == VcardVersion::v3) return moment;
  std::string basic;
  for (const char c : moment)
    if (c != '-' && c != ':') basic += c;
  return basic;
}

void add_names(std::string& out, const Card& card, VcardVersion version) {
  add_line(out, "FN", escaped(card.name));
  if (!card.family.empty() || !card.given.empty())
    add_line(out, "N", escaped(card.family) + ";" + escaped(card.given) + ";;;");
  else if (version == VcardVersion::v3) add_line(out, "N", escaped(card.name) + ";;;;");
  if (card.is_organisation) add_line(out, "ORG", escaped(card.name));
  else if (!card.organisation.empty()) add_line(out, "ORG", escaped(card.organisation));
  if (!card.function.empty()) add_line(out, "TITLE", escaped(card.function));
}

void add_reach(std::string& out, const Card& card, VcardVersion version) {
  const bool old = version == VcardVersion::v3;
  for (const auto& email : card.emails)
    add_line(out, old ? "EMAIL;TYPE=INTERNET,WORK" : "EMAIL;TYPE=work", escaped(email));
  for (const auto& phone : card.phones)
    add_line(out, old ? "TEL;TYPE=WORK,VOICE" : "TEL;TYPE=work,voice", escaped(phone));
  for (const auto& phone : card.mobiles) add_line(out, old ? "TEL;TYPE=CELL" : "TEL;TYPE=cell", escaped(phone));
  if (!card.address.empty())
    add_line(out, old ? "ADR;TYPE=WORK" : "ADR;TYPE=work",
             ";;" + escaped(card.address.street) + ";" + escaped(card.address.city) + ";;" +
                 escaped(card.address.postcode) + ";" + escaped(card.address.country));
  if (!card.website.empty()) add_line(out, "URL", one_line(card.website));
}

// --------------------------------------------------------------------------------------------------------- reading

struct Line {
  std::string name, parameters, value;
};

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return out;
}

// Unfolds the next line of the file; nothing at its end.
std::optional<std::string> next_line(std::string_view& rest) {
  if (rest.empty()) return std::nullopt;
  std::string line;
  for (bool goes_on = true; goes_on;) {
    const auto end = std::min(rest.find('\n'), rest.size());
    std::string_view part = rest.substr(0, end);
    if (part.ends_with('\r')) part.remove_suffix(1);
    if (line.size() <= kLineMax) line += part;
    rest.remove_prefix(std::min(end + 1, rest.size()));
    goes_on = rest.starts_with(' ') || rest.starts_with('\t');
    if (goes_on) rest.remove_prefix(1);
  }
  return line;
}

Line parse_line(std::string_view text) {
  bool is_quoted = false;
  std::size_t colon = 0;
  for (; colon < text.size() && (is_quoted || text[colon] != ':'); ++colon)
    if (text[colon] == '"') is_quoted = !is_quoted;
  const std::string_view head = text.substr(0, colon);
  const auto semicolon = std::min(head.find(';'), head.size());
  std::string_view name = head.substr(0, semicolon);
  if (const auto dot = name.find('.'); dot != std::string_view::npos) name.remove_prefix(dot + 1);
  return {upper(name), upper(head.substr(semicolon)), std::string(text.substr(std::min(colon + 1, text.size())))};
}

// Parts of a value at unescaped `mark`s, without their escapes.
std::vector<std::string> parts_of(std::string_view value, char mark) {
  std::vector<std::string> parts(1);
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] == '\\' && i + 1 < value.size()) {
      ++i;
      parts.back() += value[i] == 'n' || value[i] == 'N' ? '\n' : value[i];
    } else if (value[i] == mark) {
      parts.emplace_back();
    } else {
      parts.back() += value[i];
    }
  }
  return parts;
}

std::string part(const std::vector<std::string>& parts, std::size_t i) {
  return i < parts.size() ? parts[i] : std::string();
}

void take_phone(Card& card, const Line& line) {
  std::string number = part(parts_of(line.value, '\0'), 0);
  if (number.starts_with("tel:")) number.erase(0, 4);
  const bool is_mobile = line.parameters.find("CELL") != std::string::npos;
  (is_mobile ? card.mobiles : card.phones).push_back(std::move(number));
}

void take(Card& card, const Line& line) {
  const auto whole = [&] { return part(parts_of(line.value, '\0'), 0); };
  if (line.name == "FN") card.name = whole();
  else if (line.name == "UID") card.uid = whole();
  else if (line.name == "REV") card.revised = line.value;
  else if (line.name == "KIND" || line.name == "X-ADDRESSBOOKSERVER-KIND")
    card.is_organisation = upper(line.value) == "ORG";
  else if (line.name == "X-ABSHOWAS") card.is_organisation = upper(line.value) == "COMPANY";
  else if (line.name == "EMAIL") card.emails.push_back(whole());
  else if (line.name == "TEL") take_phone(card, line);
  else if (line.name == "TITLE" || (line.name == "ROLE" && card.function.empty())) card.function = whole();
  else if (line.name == "NOTE") card.note = whole();
  else if (line.name == "URL" && card.website.empty()) card.website = line.value;
  else if (line.name == "ORG") card.organisation = part(parts_of(line.value, ';'), 0);
  else if (line.name == "LANG") card.languages.push_back(whole());
  else if (line.name == "CATEGORIES") card.categories = parts_of(line.value, ',');
  else if (line.name == "N") {
    const auto parts = parts_of(line.value, ';');
    card.family = part(parts, 0);
    card.given = part(parts, 1);
  } else if (line.name == "ADR" && card.address.empty()) {
    const auto parts = parts_of(line.value, ';');
    card.address = {part(parts, 2), part(parts, 5), part(parts, 3), part(parts, 6)};
  }
}

// An organisation often stands in ORG alone, with N empty or the same words.
void settle(Card& card) {
  const bool no_person = card.given.empty() && (card.family.empty() || card.family == card.name);
  if (card.name.empty()) card.name = no_person ? card.organisation : card.given + " " + card.family;
  if (no_person && !card.organisation.empty() && card.organisation == card.name) card.is_organisation = true;
  if (card.is_organisation) card.organisation.clear();
  if (no_person) card.family.clear();
}

}  // namespace

std::string write_card(const Card& card, VcardVersion version) {
  const bool old = version == VcardVersion::v3;
  std::string out = "BEGIN:VCARD\r\n";
  add_line(out, "VERSION", old ? "3.0" : "4.0");
  add_line(out, "PRODID", "-//Cluse//annuaires//FR");
  add_line(out, "UID", old ? escaped(card.uid) : "urn:uuid:" + escaped(card.uid));
  if (!old) add_line(out, "KIND", card.is_organisation ? "org" : "individual");
  else if (card.is_organisation) add_line(out, "X-ABSHOWAS", "COMPANY");
  add_names(out, card, version);
  add_reach(out, card, version);
  if (!old)
    for (const auto& language : card.languages) add_line(out, "LANG", escaped(language));
  if (!card.categories.empty()) add_line(out, "CATEGORIES", joined(card.categories));
  if (!card.note.empty()) add_line(out, "NOTE", escaped(card.note));
  if (!card.revised.empty()) add_line(out, "REV", revision(card.revised, version));
  out += "END:VCARD\r\n";
  return out;
}

void read_cards(std::string_view text, const std::function<bool(Card&&)>& on_card) {
  std::optional<Card> card;
  while (const auto read = next_line(text)) {
    if (read->size() > kLineMax) continue;
    const Line line = parse_line(*read);
    if (line.name == "BEGIN" && upper(line.value) == "VCARD") card = Card();
    else if (line.name == "END" && card) {
      settle(*card);
      if (card->uid.starts_with("urn:uuid:")) card->uid.erase(0, 9);
      if (!on_card(std::move(*card))) return;
      card.reset();
    } else if (card) {
      take(*card, line);
    }
  }
}

}  // namespace annuaires
