# What every target of ours shares: language level, warnings, sanitizers, ccache, and short functions to declare
# libraries and tests.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/lib")
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
    set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()

find_program(RETORT_CCACHE ccache)
if(RETORT_CCACHE)
    # The sloppiness is what lets ccache serve files that use a precompiled header.
    set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env
        CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime "${RETORT_CCACHE}")
endif()

add_library(retort_options INTERFACE)
target_compile_options(retort_options INTERFACE
    -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
    $<$<AND:$<BOOL:${RETORT_CCACHE}>,$<CXX_COMPILER_ID:GNU>>:-fpch-preprocess>)
if(RETORT_WERROR)
    target_compile_options(retort_options INTERFACE -Werror)
endif()
if(RETORT_SANITIZE)
    add_compile_options(-fsanitize=${RETORT_SANITIZE} -fno-omit-frame-pointer -g)
    add_link_options(-fsanitize=${RETORT_SANITIZE})
endif()
if(RETORT_FUZZ)
    # Coverage for libFuzzer in everything; its main program only in the targets (tests/fuzz).
    add_compile_options(-fsanitize=fuzzer-no-link)
endif()
target_include_directories(retort_options INTERFACE "${CMAKE_SOURCE_DIR}")
target_compile_definitions(retort_options INTERFACE RETORT_VERSION="${PROJECT_VERSION}")
add_library(retort_qt_options INTERFACE)
target_link_libraries(retort_qt_options INTERFACE retort_options)
target_compile_definitions(retort_qt_options INTERFACE
    QT_NO_KEYWORDS QT_NO_CAST_TO_ASCII QT_NO_FOREACH QT_NO_NARROWING_CONVERSIONS_IN_CONNECT)

# The moc output of a test: `tst_x.moc`, which tst_x.cpp includes, and that of headers with QObjects among its sources.
# AUTOMOC would start a scan and compile one more file for each of two hundred tests.
function(retort_moc target)
    set(folder "${CMAKE_CURRENT_BINARY_DIR}/${target}_moc")
    foreach(source ${ARGN})
        cmake_path(GET source STEM name)
        cmake_path(GET source EXTENSION LAST_ONLY extension)
        if(extension STREQUAL ".h")
            file(STRINGS "${source}" objects REGEX "Q_OBJECT")
            if(objects)
                qt_wrap_cpp(wrapped "${source}")
                target_sources(${target} PRIVATE ${wrapped})
            endif()
        elseif(EXISTS "${CMAKE_CURRENT_SOURCE_DIR}/${source}")
            file(STRINGS "${CMAKE_CURRENT_SOURCE_DIR}/${source}" included REGEX "^#include \"${name}\\.moc\"")
            if(included)
                qt_generate_moc("${source}" "${folder}/${name}.moc")
                set_property(SOURCE "${source}" APPEND PROPERTY OBJECT_DEPENDS "${folder}/${name}.moc")
                target_include_directories(${target} PRIVATE "${folder}")
            endif()
        endif()
    endforeach()
endfunction()

# retort_test(NAME tst_x SOURCES … LIBRARIES … [GUI] [LABELS …] [TIMEOUT s]): one QtTest program, run by ctest on
# the offscreen platform. Tests pin one thread where numbers depend on the count. They are optimised a little only, and
# share three sets of precompiled headers (tests/headers, with LibTorch: tests/training): compiling is what a test costs.
function(retort_test)
    cmake_parse_arguments(T "GUI" "NAME;TIMEOUT" "SOURCES;LIBRARIES;LABELS" ${ARGN})
    if(NOT RETORT_TESTS)
        return()
    endif()
    add_executable(${T_NAME} ${T_SOURCES})
    retort_moc(${T_NAME} ${T_SOURCES})
    target_link_libraries(${T_NAME} PRIVATE ${T_LIBRARIES} retort_qttest retort_qt_options)
    target_compile_options(${T_NAME} PRIVATE $<$<CONFIG:Release>:-O1>)
    if(retort_training IN_LIST T_LIBRARIES AND TARGET retort_torch_headers)
        target_precompile_headers(${T_NAME} REUSE_FROM retort_torch_headers)
    elseif(retort_views IN_LIST T_LIBRARIES OR retort_window IN_LIST T_LIBRARIES)
        target_precompile_headers(${T_NAME} REUSE_FROM retort_view_test_headers)
    elseif(retort_core IN_LIST T_LIBRARIES OR retort_backends IN_LIST T_LIBRARIES)
        target_precompile_headers(${T_NAME} REUSE_FROM retort_test_headers)
    endif()
    add_test(NAME ${T_NAME} COMMAND ${T_NAME})
    if(NOT T_TIMEOUT)
        set(T_TIMEOUT 120)
    endif()
    if("slurm" IN_LIST T_LABELS)
        set_tests_properties(${T_NAME} PROPERTIES RESOURCE_LOCK slurm)  # one cluster at a time
    endif()
    if(RETORT_SANITIZE)
        math(EXPR T_TIMEOUT "10 * ${T_TIMEOUT}")  # unoptimised and watched
    endif()
    set_tests_properties(${T_NAME} PROPERTIES
        ENVIRONMENT "QT_QPA_PLATFORM=offscreen;LC_ALL=C.UTF-8;LANGUAGE=en"
        TIMEOUT ${T_TIMEOUT} LABELS "${T_LABELS}")
endfunction()
