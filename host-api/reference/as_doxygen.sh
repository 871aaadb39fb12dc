#!/bin/sh
# A header for Doxygen: comments in front of a declaration, behind a member,
# and the head of the file; "<" and "\" in them as plain characters.
exec sed -E \
  -e '/^#/!s/\\/\\\\/g' \
  -e '/^ *(\/\*|\*|\/\/)/s/</\\</g' -e '/^ *(\/\*|\*|\/\/)/s/@/\\@/g' \
  -e '/[;,] +\/\*/s/</\&lt;/g' \
  -e '1s#^/\* #/** @file\n * #' -e '1s#^// #/// @file\n/// #' \
  -e 's#^( *)/\*( |$)#\1/**\2#' -e 's#^( *)// #\1/// #' \
  -e 's#([;,]) +/\* #\1 /**< #' -e 's#([;,]) +// #\1 ///< #' "$1"
