// For the defects that need C++.
#include "../adapter.c"
