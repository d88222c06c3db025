# harness_unit_test(base SOURCES test_slice.c …) makes one binary that links only that library. Each test_x.c defines
# `int test_x(void)`, which runs one cmocka group. malloc is wrapped, so that any test can be swept for exhaustion.
function(harness_unit_test library)
    cmake_parse_arguments(arg "" "" "SOURCES;PARTS" ${ARGN})
    set(declarations "")
    set(calls "")
    foreach(source ${arg_SOURCES})
        get_filename_component(name ${source} NAME_WE)
        string(APPEND declarations "int ${name}(void);\n")
        string(APPEND calls "    failed += ${name}();\n")
    endforeach()
    file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/main_${library}.c CONTENT
"${declarations}
int main(void)
{
    int failed = 0;
${calls}    return failed == 0 ? 0 : 1;
}
")
    add_executable(unit_${library} ${arg_SOURCES} ${CMAKE_CURRENT_BINARY_DIR}/main_${library}.c)
    target_link_libraries(unit_${library} PRIVATE ${library} test_support harness_warnings PkgConfig::CMOCKA ${arg_PARTS})
    # expect_assert_failure() is a setjmp, and gcc fears for every literal beside one.
    target_compile_options(unit_${library} PRIVATE $<$<C_COMPILER_ID:GNU>:-Wno-clobbered>)
    target_link_options(unit_${library} PRIVATE -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc)
    add_test(NAME unit.${library} COMMAND unit_${library} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
    set_tests_properties(unit.${library} PROPERTIES LABELS unit TIMEOUT 120 SKIP_RETURN_CODE 77
                         ENVIRONMENT "DIRECTSIP_SOURCE=${PROJECT_SOURCE_DIR}")
endfunction()

# harness_fuzzer(sipmsg SOURCES fuzz_sipmsg.c USES sipmsg) is built by the preset `fuzz` only, whose tests run each for a
# few seconds (HARNESS_FUZZ_SECONDS). What earlier runs learnt and tests/fuzz/corpus keeps, every build replays.
function(harness_fuzzer name)
    cmake_parse_arguments(arg "" "" "SOURCES;USES" ${ARGN})
    set(kept ${CMAKE_CURRENT_SOURCE_DIR}/corpus/${name}.inputs)
    if(EXISTS ${kept})
        add_executable(replay_${name} ${arg_SOURCES} replay.c)
        target_link_libraries(replay_${name} PRIVATE ${arg_USES} base harness_warnings)
        add_test(NAME unit.replay_${name} COMMAND replay_${name} ${kept})
        set_tests_properties(unit.replay_${name} PROPERTIES LABELS unit TIMEOUT 120)
    endif()
    if(NOT HARNESS_FUZZERS)
        return()
    endif()
    add_executable(fuzz_${name} ${arg_SOURCES})
    target_link_libraries(fuzz_${name} PRIVATE ${arg_USES} harness_warnings)
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
    add_dependencies(fuzzers fuzz_${name})
    find_program(LUA_PROGRAM lua5.4)
    add_test(NAME fuzz.${name}
             COMMAND ${LUA_PROGRAM} ${PROJECT_SOURCE_DIR}/tests/fuzz/fuzz.lua $<TARGET_FILE:fuzz_${name}> ${name}
                     $<TARGET_FILE:directsip> ${PROJECT_SOURCE_DIR} ${HARNESS_FUZZ_SECONDS})
    set_tests_properties(fuzz.${name} PROPERTIES LABELS fuzz TIMEOUT 1200)
endfunction()
