// A static that every library with one of that name shares, even when opened
// locally (STB_GNU_UNIQUE): what a header-only library makes of it by default.
template <typename T>
struct __attribute__((visibility("default"))) Counter {
  static int& count() {
    static int counted = 0;
    return counted;
  }
};
#include "../adapter.c"
extern "C" __attribute__((used)) int shared_count() { return ++Counter<int>::count(); }
