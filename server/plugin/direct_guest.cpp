#include "server/plugin/guest.h"
#include "server/plugin/guest/instance.h"
#include "server/plugin/guest/library.h"

namespace cluse::plugin {
namespace {

class DirectGuest final : public Guest {
 public:
  DirectGuest(const cluse_entry& entry, const Offer& offer, HostCalls& calls) : instance_(entry, offer, calls) {}

  Outcome run(const Work& work, Deadline) override { return instance_.run(work); }
  [[nodiscard]] bool is_alive() const override { return true; }
  [[nodiscard]] int fd() const override { return -1; }
  void attend() override {}
  [[nodiscard]] std::uint64_t memory_bytes() const override { return 0; }

 private:
  Instance instance_;
};

}  // namespace

Result<std::unique_ptr<Guest>> open_direct(const GuestSetup& setup, HostCalls& calls) {
  CLUSE_TRY(entry, load_library(setup.library));
  return std::make_unique<DirectGuest>(*entry, setup.offer, calls);
}

}  // namespace cluse::plugin
