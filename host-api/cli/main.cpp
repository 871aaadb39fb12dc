#include <csignal>

#include "command_line.h"

int main(int argc, char** argv) {
  // A reader that goes (`| head`) is told of by write, not by a signal.
  (void)std::signal(SIGPIPE, SIG_IGN);
  return cli::read_command_line(argc, argv)();
}
