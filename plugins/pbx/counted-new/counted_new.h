// How often a program takes memory by `new`. An adapter that has seen a few
// events takes none for the next; a test counts, as no clock can tell. For
// programs, never for a plugin: it stands in for the library's operators.
#pragma once

#include <cstdint>

// Since the program began, on this thread.
std::uint64_t count_of_news();
