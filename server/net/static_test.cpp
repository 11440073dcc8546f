// The web client's files, over real sockets: what is found, how it is encoded, and how long it may be kept.
#include "server/net/testing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

namespace cluse::net::testing {
namespace {

constexpr std::size_t kLargeBytes = 3U << 20;

class Static : public ::testing::Test {
 protected:
  Static() : server(options()), client(server.port()) {}

  ServerOptions options() {
    folder.write("index.html", "<!doctype html>");
    folder.write("index.html.gz", "gzip of index");
    folder.write("sw.js", "worker");
    folder.write("assets/index-BxY1_z23.js", "script");
    folder.write("assets/index-BxY1_z23.js.br", "brotli of script");
    folder.write("assets/index-BxY1_z23.js.gz", "gzip of script");
    folder.write("assets/plain.css", "style");
    folder.write("assets/large-0123abcd.bin", large());
    folder.write(".secret", "hidden");
    folder.write(".git/config", "hidden");
    std::filesystem::create_symlink("/etc/passwd", folder.path() / "link.txt");
    ServerOptions made = TestServer::small();
    made.static_directory = folder.path();
    return made;
  }

  static std::string large() {
    std::string octets(kLargeBytes, '\0');
    for (std::size_t i = 0; i < octets.size(); ++i) octets[i] = static_cast<char>(i * 31 >> 3);
    return octets;
  }

  TemporaryFolder folder;
  TestServer server;
  Client client;
};

TEST_F(Static, ServesTheStartPage) {
  for (const char* path : {"/", "/index.html", "/?lang=de"}) {
    const Answer answer = client.get(path);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "<!doctype html>");
    EXPECT_EQ(answer.headers.at("content-type"), "text/html; charset=utf-8");
    EXPECT_EQ(answer.headers.at("cache-control"), "no-cache");
    EXPECT_EQ(answer.headers.at("vary"), "Accept-Encoding");
    EXPECT_EQ(answer.headers.count("content-encoding"), 0U);
    EXPECT_EQ(answer.headers.count("content-security-policy"), 1U);
  }
}

TEST_F(Static, PathsOfTheClientAreItsStartPage) {
  for (const char* path :
       {"/espaces", "/documents/0197f0a0-0000-7000-8000-000000000000", "/a/b/c", "/apis", "/xylo",
        "/e/org.example.polls", "/portail/e/org.example.polls", "/administration/e/org.example.polls"}) {
    EXPECT_EQ(client.get(path).body, "<!doctype html>") << path;
  }
  EXPECT_EQ(server.handler.requests, 0);
}

TEST_F(Static, OtherPathsAreTheHandlers) {
  for (const char* path : {"/api/v1/none", "/api", "/collab/x", "/live", "/x/plugin", "/healthz", "/readyz", "/metrics",
                           "/missing.js", "/assets/missing-0123abcd.js", "/favicon.ico"}) {
    EXPECT_EQ(client.get(path).status, 404) << path;
  }
  client.send("POST /espaces HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(client.read_answer().status, 404);
  EXPECT_EQ(server.handler.requests, 12);
}

TEST_F(Static, EncodesAsThePeerLikes) {
  const std::string script = "/assets/index-BxY1_z23.js";
  const Answer plain = client.get(script);
  const Answer brotli = client.get(script, "Accept-Encoding: gzip, deflate, br, zstd\r\n");
  const Answer gzip = client.get(script, "Accept-Encoding: br;q=0, gzip\r\n");
  EXPECT_EQ(plain.body, "script");
  EXPECT_EQ(brotli.body, "brotli of script");
  EXPECT_EQ(brotli.headers.at("content-encoding"), "br");
  EXPECT_EQ(gzip.body, "gzip of script");
  EXPECT_EQ(gzip.headers.at("content-encoding"), "gzip");
  for (const Answer& answer : {plain, brotli, gzip}) {
    EXPECT_EQ(answer.headers.at("vary"), "Accept-Encoding");
    EXPECT_EQ(answer.headers.at("content-type"), "text/javascript; charset=utf-8");
    EXPECT_EQ(answer.headers.at("cache-control"), "public, max-age=31536000, immutable");
  }
  EXPECT_NE(plain.headers.at("etag"), brotli.headers.at("etag"));
  EXPECT_NE(gzip.headers.at("etag"), brotli.headers.at("etag"));
}

TEST_F(Static, OnlyHashedNamesAreKeptForEver) {
  EXPECT_EQ(client.get("/assets/plain.css").headers.at("cache-control"), "no-cache");
  EXPECT_EQ(client.get("/sw.js").headers.at("cache-control"), "no-cache");
  EXPECT_EQ(client.get("/assets/plain.css").headers.count("vary"), 0U);
}

TEST_F(Static, AnswersNotModified) {
  const Answer first = client.get("/");
  const std::string etag = first.headers.at("etag");
  for (const std::string& condition : {etag, "W/" + etag, "\"other\", " + etag, std::string("*")}) {
    const Answer answer = client.get("/", "If-None-Match: " + condition + "\r\n");
    EXPECT_EQ(answer.status, 304) << condition;
    EXPECT_EQ(answer.headers.at("etag"), etag);
    EXPECT_EQ(answer.headers.count("content-length"), 0U);
  }
  EXPECT_EQ(client.get("/", "If-None-Match: \"other\"\r\n").status, 200);
}

TEST_F(Static, HeadHasTheLengthAndNoBody) {
  client.send("HEAD /assets/large-0123abcd.bin HTTP/1.1\r\nHost: test\r\n\r\n");
  const Answer answer = client.read_answer(true);
  EXPECT_EQ(answer.headers.at("content-length"), std::to_string(kLargeBytes));
  EXPECT_EQ(client.get("/").status, 200);
}

TEST_F(Static, LargeFilesComeWholeAndAreReadWhenAskedFor) {
  const Answer answer = client.get("/assets/large-0123abcd.bin");
  EXPECT_TRUE(answer.body == large());
  EXPECT_EQ(client.get("/").status, 200);
}

TEST_F(Static, AFileCutShortOnDiskEndsTheConnection) {
  std::filesystem::resize_file(folder.path() / "assets/large-0123abcd.bin", 1U << 20);
  EXPECT_LT(client.get("/assets/large-0123abcd.bin").body.size(), kLargeBytes);
  EXPECT_TRUE(client.is_ended());
}

TEST_F(Static, NothingOutsideOrHiddenIsServed) {
  for (const char* path : {"/../etc/passwd", "/assets/../../etc/passwd", "/%2e%2e/etc/passwd", "/..%2fetc/passwd",
                           "/assets/..%5c..%5cindex.html", "/%00"}) {
    Client fresh(server.port());
    EXPECT_EQ(fresh.get(path).status, 400) << path;
  }
  for (const char* path :
       {"/.secret", "/link.txt", "/index.html.gz", "/assets/index-BxY1_z23.js.br", "//etc/passwd.txt"}) {
    EXPECT_EQ(client.get(path).status, 404) << path;
  }
  for (const char* path : {"/.git/config", "//etc/passwd", "/assets", "/assets/"}) {
    EXPECT_EQ(client.get(path).body, "<!doctype html>") << path;
  }
}

}  // namespace
}  // namespace cluse::net::testing
