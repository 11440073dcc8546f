// Overview: what the screen of administrators shows of a plugin: of one that is installed, and of one that was sent in.
#pragma once

#include "server/plugin/lane.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace cluse::plugin {

/// What an administrator is shown before she accepts a plugin that was sent in.
struct Preview {
  std::string key;  ///< of the upload
  std::string id, version, present_version;
  std::map<std::string, std::string> name;
  std::string signer;         ///< empty: nobody
  bool known_signer = false;  ///< the one that signed what was installed so far
  std::vector<std::string> grants, added, removed;
  HostKind host_default = HostKind::child;
};

/// For the screen of administrators.
struct Overview {
  std::string id, version;
  std::map<std::string, std::string> name;
  std::vector<std::string> grants;
  HostKind host = HostKind::child;
  bool enabled = false;
  std::uint64_t generation = 0;  ///< how many versions of it, or starts, this server has seen; 0: none
  std::string signer;            ///< empty: nobody
  Limits limits;                 ///< as its manifest says
  std::vector<UiPart> ui;
  std::uint64_t database_bytes = 0;
  std::string refused;                 ///< why it, or its next version, was not started, in English
  std::vector<std::string> not_asked;  ///< hooks it did not answer in time, for a minute
  bool is_trusted = false;             ///< its modules run in the page itself
  bool is_operators = false;           ///< and the operator has said so: nobody else can change it
  Health health;
};

}  // namespace cluse::plugin
