// Standard error: lines for a person, and one bar that lines push down.
//
// Safe from any thread.
#pragma once

#include <string_view>

namespace cli {

bool is_terminal();  // whether somebody watches standard error

void say(std::string_view line);
// "hookline: …": how every complaint of the command itself begins.
void complain(std::string_view text);

// Draws the bar anew; the empty text takes it away.
void show_bar(std::string_view text);

}  // namespace cli
