#include "server/domain/money/rate_check.h"

#include <expat.h>

#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace cluse::domain::money {
namespace {

// What the bank's elements are called, after expat has put "namespace|" before the name.
constexpr std::string_view kEnvelope = "http://www.gesmes.org/xml/2002-08-01|Envelope";
constexpr std::string_view kCube = "http://www.ecb.int/vocabulary/2002-08-01/eurofxref|Cube";

// Goes through the document with expat and keeps the days and their francs.
class EcbXml {
 public:
  EcbXml() : parser_(XML_ParserCreateNS(nullptr, '|'), &XML_ParserFree) {
    XML_SetUserData(parser_.get(), this);
    XML_SetElementHandler(parser_.get(), &EcbXml::on_start, &EcbXml::on_end);
    XML_SetStartDoctypeDeclHandler(parser_.get(), &EcbXml::on_doctype);
  }

  std::vector<Rate> read(std::string_view text, Problems& problems) {
    const auto status = XML_Parse(parser_.get(), text.data(), static_cast<int>(text.size()), XML_TRUE);
    if (!problem_ && status != XML_STATUS_OK)
      problem_ = RateFileProblem{line(), "rate_file_malformed", XML_ErrorString(XML_GetErrorCode(parser_.get()))};
    if (problem_) {
      problems.push_back(*problem_);
      return {};
    }
    return check_lines(RateSource::ecb, lines_, problems);
  }

 private:
  struct Day {
    std::size_t line = 0, depth = 0;
    CivilDate date;
    std::optional<Decimal> francs;
  };

  [[nodiscard]] std::size_t line() const { return XML_GetCurrentLineNumber(parser_.get()); }

  void stop(std::size_t at, std::string_view code, std::string detail = {}) {
    if (!problem_) problem_ = RateFileProblem{at, code, std::move(detail)};
    XML_StopParser(parser_.get(), XML_FALSE);
  }

  void start(std::string_view name, const XML_Char** attributes) {
    if (++depth_ == 1 && name != kEnvelope) return stop(line(), "rate_file_other_kind", "not the bank's envelope");
    if (name != kCube) return;
    std::optional<std::string_view> time, currency, rate;
    for (; *attributes != nullptr; attributes += 2) {
      const std::string_view key = attributes[0], value = attributes[1];
      if (key == "time") time = value;
      if (key == "currency") currency = value;
      if (key == "rate") rate = value;
    }
    if (time) return start_day(*time);
    if (currency == "CHF") add_francs(rate.value_or(""));
  }

  void start_day(std::string_view time) {
    const auto date = parse_civil_date(time);
    if (!date) return stop(line(), "rate_file_bad_date", std::string(time.substr(0, 40)));
    if (day_) return stop(line(), "rate_file_malformed", "a day inside a day");
    if (lines_.size() == kRateFileLinesMax) return stop(line(), "rate_file_too_large");
    day_ = Day{line(), depth_, *date, std::nullopt};
  }

  void add_francs(std::string_view rate) {
    if (!day_ || day_->francs) return stop(line(), "rate_file_malformed", "a rate without a day, or a second one");
    const auto read = read_rate(line(), rate);
    if (!read) return stop(read.error().line, read.error().code, read.error().detail);
    day_->francs = *read;
  }

  void end() {
    if (day_ && depth_ == day_->depth) {
      if (!day_->francs) return stop(day_->line, "rate_file_without_chf", to_iso(day_->date));
      lines_.push_back({day_->line, day_->date, *day_->francs});
      day_.reset();
    }
    --depth_;
  }

  // Called by expat, in C: `self` is what XML_SetUserData was given.
  static void XMLCALL on_start(void* self, const XML_Char* name, const XML_Char** attributes) {
    static_cast<EcbXml*>(self)->start(name, attributes);
  }
  static void XMLCALL on_end(void* self, const XML_Char*) { static_cast<EcbXml*>(self)->end(); }
  static void XMLCALL on_doctype(void* self, const XML_Char*, const XML_Char*, const XML_Char*, int) {
    auto& reader = *static_cast<EcbXml*>(self);
    reader.stop(reader.line(), "rate_file_other_kind", "a document type");
  }

  const std::unique_ptr<std::remove_pointer_t<XML_Parser>, decltype(&XML_ParserFree)> parser_;
  std::size_t depth_ = 0;
  std::optional<Day> day_;
  std::vector<RateLine> lines_;
  std::optional<RateFileProblem> problem_;
};

}  // namespace

std::vector<Rate> read_ecb_xml(std::string_view text, Problems& problems) {
  if (text.size() <= kRateFileBytesMax) return EcbXml().read(text, problems);
  problems.push_back({0, "rate_file_too_large", {}});
  return {};
}

}  // namespace cluse::domain::money
