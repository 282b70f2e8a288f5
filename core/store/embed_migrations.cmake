# embed_migrations(FOLDER OUTPUT): writes the numbered .sql files of FOLDER as `migrations()`, at configure time; CMake
# runs again by itself when one of them changes.
function(embed_migrations folder output)
    file(GLOB files CONFIGURE_DEPENDS "${folder}/[0-9][0-9][0-9]_*.sql")
    list(SORT files)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${files})
    set(entries "")
    set(last 0)
    foreach(file IN LISTS files)
        get_filename_component(name "${file}" NAME_WE)
        string(REGEX REPLACE "^0*([0-9]+)_.*" "\\1" version "${name}")
        if(NOT version GREATER last)  # of two with one number, one would never be applied
            message(FATAL_ERROR "the number of the migration ${name} is taken: it follows ${last}")
        endif()
        set(last ${version})
        file(READ "${file}" sql)
        string(APPEND entries "        {${version}, \"${name}\", R\"sql(${sql})sql\"},\n")
    endforeach()
    file(WRITE "${output}.new" "// Generated from core/store/migrations by embed_migrations.cmake.
#include \"core/store/migration.h\"

namespace retort {

const std::vector<Migration>& migrations() {
    static const std::vector<Migration> all = {
${entries}    };
    return all;
}

}  // namespace retort
")
    file(COPY_FILE "${output}.new" "${output}" ONLY_IF_DIFFERENT)
endfunction()
