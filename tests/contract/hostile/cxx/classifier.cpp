// For the defects that need C++.
#include "../classifier.c"
