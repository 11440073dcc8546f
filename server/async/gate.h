// Gate: stops new work from entering and tells when what is inside has finished. The first half of stopping.
#pragma once

#include "server/async/task.h"

#include <cstddef>
#include <memory>

namespace cluse {

/// Thread: one shard (make one a shard).
class Gate {
 private:
  struct State;

 public:
  Gate();
  ~Gate();
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;

  /// Counts one piece of work while alive. May outlive the gate, as the frame of a dropped coroutine does.
  class Pass {
   public:
    Pass(Pass&& other) noexcept;
    Pass& operator=(Pass&&) = delete;
    ~Pass();
    [[nodiscard]] explicit operator bool() const { return state_ != nullptr; }

   private:
    friend class Gate;
    explicit Pass(std::shared_ptr<State> state);
    std::shared_ptr<State> state_;
  };

  /// An empty pass (false) once the gate is closed.
  [[nodiscard]] Pass enter();
  [[nodiscard]] bool is_closed() const;
  [[nodiscard]] std::size_t inside() const;

  /// Refuses new work from now on.
  void close();
  /// Resumes when the gate is closed and empty.
  Task<void> drained();

 private:
  std::shared_ptr<State> state_;
};

}  // namespace cluse
