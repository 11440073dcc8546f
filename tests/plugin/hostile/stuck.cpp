#include <cluse/plugin.hpp>

class Stuck final : public cluse::Plugin {
 public:
  using Plugin::Plugin;

 private:
  void on_start() override {
    for (volatile bool on = true; on;) {}
  }
};

CLUSE_PLUGIN(Stuck)
