# cmake -DOUT=x.h -DFILES=a|b -DFROM=dir -P embed.cmake
# Writes `constexpr EmbeddedFile kEmbedded[] = {{"a", "…"}, …}`, which is no inline variable:
# several parts of one library have one each.
string(REPLACE "|" ";" files "${FILES}")
set(text "#pragma once\n#include <string_view>\nstruct EmbeddedFile {\n  std::string_view name, text;\n};\n")
string(APPEND text "constexpr EmbeddedFile kEmbedded[] = {\n")
foreach(file ${files})
  file(READ ${FROM}/${file} content)
  get_filename_component(name ${file} NAME)
  # A raw string literal ends at 64 KiB in some compilers; pieces are joined.
  string(LENGTH "${content}" left)
  set(at 0)
  string(APPEND text "    {\"${name}\",\n")
  while(at LESS left)
    string(SUBSTRING "${content}" ${at} 8000 piece)
    string(APPEND text "R\"HKLEMBED(${piece})HKLEMBED\"\n")
    math(EXPR at "${at} + 8000")
  endwhile()
  string(APPEND text "    },\n")
endforeach()
string(APPEND text "};\n")
file(WRITE ${OUT} "${text}")
