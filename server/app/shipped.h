// What comes with the executable: rules, terms, the web client, the SDK, demonstration content.
// Thread: any.
#pragma once

#include <filesystem>
#include <initializer_list>

namespace cluse::app {

/// The first folder `place` that holds `sign`, in the folder of the executable or one above it: installed, places such
/// as "share/cluse/rules"; in the source tree, such as "config/rules". Empty where there is none.
[[nodiscard]] std::filesystem::path find_shipped(std::initializer_list<const char*> places, const char* sign);

}  // namespace cluse::app
