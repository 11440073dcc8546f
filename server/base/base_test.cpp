// The values that everything else stands on: ids ascend and round-trip, text is checked, metrics read by Prometheus.
#include "server/base/bytes.h"
#include "server/base/id.h"
#include "server/base/metrics.h"
#include "server/base/time.h"

#include <gtest/gtest.h>

namespace cluse {
namespace {

TEST(Id, RoundTripsThroughItsCanonicalForm) {
  const Id id = new_id({1'790'000'000'000});
  const std::string text = id.to_string();
  ASSERT_EQ(text.size(), 36U);
  EXPECT_EQ(text[14], '7') << "version 7";
  EXPECT_EQ(Id::parse(text), id);
}

TEST(Id, AscendsWithinOneMillisecondAndWhenTheClockStepsBack) {
  Id previous = new_id({1'790'000'000'000});
  for (int i = 0; i < 10'000; ++i) {
    const Id next = new_id({1'790'000'000'000 - i});
    ASSERT_LT(previous, next);
    previous = next;
  }
}

TEST(Id, RefusesEverythingButTheCanonicalForm) {
  for (const char* text : {"", "0192", "0192e4a0-7b3c-7d3e-8f4a-1234567890ag", "0192e4a07b3c-7d3e-8f4a-1234-567890ab",
                           "{192e4a0-7b3c-7d3e-8f4a-1234567890ab", "0192e4a0-7b3c-7d3e-8f4a-1234567890ab "}) {
    EXPECT_FALSE(Id::parse(text)) << text;
  }
}

TEST(Utf8, AcceptsTextAndRefusesWhatIsNot) {
  for (const char* text : {"", "Montbéliard", "Zürich’s", "\xf0\x9f\x9a\xb2"}) EXPECT_TRUE(is_utf8(text)) << text;
  for (const char* text : {"\x80", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xc3", "a\xff"}) {
    EXPECT_FALSE(is_utf8(text));
  }
}

TEST(Base64, MatchesTheVectorsOfRfc4648WithoutPadding) {
  EXPECT_EQ(to_base64url(""), "");
  EXPECT_EQ(to_base64url("f"), "Zg");
  EXPECT_EQ(to_base64url("fo"), "Zm8");
  EXPECT_EQ(to_base64url("foobar"), "Zm9vYmFy");
  EXPECT_EQ(to_base64url("\xff\xfe"), "__4");
}

TEST(Time, IsWrittenAsRfc3339) {
  EXPECT_EQ(to_rfc3339({0}), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(to_rfc3339({-1}), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(to_rfc3339({1'798'761'599'042}), "2026-12-31T23:59:59.042Z");
}

TEST(Metrics, AreExposedAsPrometheusReadsThem) {
  Metrics metrics;
  metrics.counter("cluse_requests_total", "Requests", "method=\"GET\"").add(3);
  metrics.gauge("cluse_sessions", "Sessions").set(-2);
  metrics.histogram("cluse_wait_seconds", "Wait").observe(0.003);
  const std::string text = metrics.expose();
  EXPECT_NE(text.find("# TYPE cluse_requests_total counter\ncluse_requests_total{method=\"GET\"} 3\n"),
            std::string::npos);
  EXPECT_NE(text.find("cluse_sessions -2\n"), std::string::npos);
  EXPECT_NE(text.find("cluse_wait_seconds_bucket{le=\"0.0025\"} 0\n"), std::string::npos);
  EXPECT_NE(text.find("cluse_wait_seconds_bucket{le=\"0.005\"} 1\n"), std::string::npos);
  EXPECT_NE(
      text.find("cluse_wait_seconds_bucket{le=\"+Inf\"} 1\ncluse_wait_seconds_sum 0.003\ncluse_wait_seconds_count 1\n"),
      std::string::npos);
}

TEST(Bytes, OfBase64ComeBackAndHaveOneSpelling) {
  for (std::size_t size = 0; size < 70; ++size) {
    Bytes bytes;
    for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>(i * 37 + size);
    EXPECT_EQ(from_base64url(to_base64url(bytes)), bytes);
  }
  for (const char* wrong : {"A", "AB", "AAB", "AAAAA", "A+AA", "AA==", "AAA\n", "é"})
    EXPECT_FALSE(from_base64url(wrong)) << wrong;
}

}  // namespace
}  // namespace cluse
