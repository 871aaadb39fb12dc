/* Every function that a program of 1.0 may call, declared as it was then,
 * beside today's header: another type does not compile. */
#include "frozen-1.0/prototypes.inc"
