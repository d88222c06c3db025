#include "topo_file.h"

/* A trunk over TLS, to which the good file's gateway has to listen. */
#define TLS_TRUNK                                                                                  \
    {"\"tcp:5066\", \"udp:5060\"", "\"tls:5066\", \"udp:5060\""},                                  \
    {                                                                                              \
        "transport = \"tcp\"", "transport = \"tls\""                                               \
    }

static void a_file_that_contradicts_itself_is_refused(void **state)
{
    static const struct refusal refusals[] = {
        {"3: the encryption of the clients is required, supported or off, not 'optional'",
         {{"bypass = {", "encryption = \"optional\", bypass = {"}}},
        {"23: the srtp of a trunk is required, optional or off, not 'supported'",
         {TLS_TRUNK, {"bypass = true }", "srtp = \"supported\" }"}}},
        {"23: a trunk over TCP cannot have srtp = \"optional\": its keys would be told in the "
         "clear",
         {{"bypass = true }", "srtp = \"optional\" }"}}},
        {"24: a tdm trunk has no srtp", {{"channels = 23", "srtp = \"off\""}}},
        {"17: 'alice' is a client: srtp is what a gateway or a PBX can do, and what clients do is "
         "said by the file's encryption",
         {{"site = \"office\", home", "srtp = true, site = \"office\", home"}}},
    };
    (void)state;
    topo_file_refuses(refusals, DS_COUNT(refusals));
}

static void without_a_word_nobody_encrypts(void **state)
{
    struct topo_file file;
    const struct ds_topo *topo = NULL;
    (void)state;
    topo_file_open(&file);
    topo_file_spoil(&file, NULL, 0);
    assert_int_equal(ds_topo_load(file.path, NULL, file.arena, &topo, NULL), DS_OK);
    assert_false(ds_topo_encrypts(topo));
    assert_true(ds_topo_encrypts_alike(topo, &topo->trunks[0]));
    topo_file_close(&file);
}

/* domain.md 2.3 */
static void bypass_needs_ends_that_encrypt_alike(void **state)
{
    static const struct {
        const char *variant;
        enum ds_encryption clients, trunk, gateway;
        bool bypass;
    } cases[] = {
        {"required", DS_ENCRYPTION_REQUIRED, DS_ENCRYPTION_REQUIRED, DS_ENCRYPTION_REQUIRED, true},
        {"trunk_insists", DS_ENCRYPTION_OPTIONAL, DS_ENCRYPTION_REQUIRED, DS_ENCRYPTION_REQUIRED,
         true},
        {"plain_clients", DS_ENCRYPTION_OFF, DS_ENCRYPTION_REQUIRED, DS_ENCRYPTION_REQUIRED, false},
        {"clients_insist", DS_ENCRYPTION_REQUIRED, DS_ENCRYPTION_OPTIONAL, DS_ENCRYPTION_OPTIONAL,
         true},
        {"plain_gateway_refused", DS_ENCRYPTION_REQUIRED, DS_ENCRYPTION_OPTIONAL, DS_ENCRYPTION_OFF,
         false},
        {"optional", DS_ENCRYPTION_OPTIONAL, DS_ENCRYPTION_OPTIONAL, DS_ENCRYPTION_OPTIONAL, true},
        {"plain_gateway", DS_ENCRYPTION_OPTIONAL, DS_ENCRYPTION_OPTIONAL, DS_ENCRYPTION_OFF, true},
        {"plain_trunk", DS_ENCRYPTION_REQUIRED, DS_ENCRYPTION_OFF, DS_ENCRYPTION_OFF, false},
        {"tcp_trunk", DS_ENCRYPTION_REQUIRED, DS_ENCRYPTION_OFF, DS_ENCRYPTION_OFF, false},
        {"off", DS_ENCRYPTION_OFF, DS_ENCRYPTION_OFF, DS_ENCRYPTION_OFF, true},
    };

    (void)state;
    for (size_t i = 0; i < DS_COUNT(cases); i++) {
        struct ds_topo_choice choice = {.variant = cases[i].variant, .bypass = -1};
        struct ds_arena *arena = NULL;
        const struct ds_topo *topo = NULL;
        assert_int_equal(ds_arena_new(&arena), DS_OK);
        assert_int_equal(ds_topo_load("topologies/srtp.lua", &choice, arena, &topo, NULL), DS_OK);
        const struct ds_topo_node *alice = ds_topo_find(topo, DS_LITERAL("alice"));
        const struct ds_topo_node *pool = ds_topo_find(topo, DS_LITERAL("pool"));
        const struct ds_trunk *trunk = &topo->trunks[0];
        assert_int_equal(ds_topo_encryption(topo, alice, pool), cases[i].clients);
        assert_int_equal(ds_topo_encryption(topo, trunk->a, pool), cases[i].clients);
        assert_int_equal(ds_topo_encryption(topo, trunk->a, trunk->b), cases[i].trunk);
        assert_int_equal(ds_topo_encryption(topo, trunk->b, trunk->a), cases[i].gateway);
        assert_int_equal(ds_topo_bypass_allowed(topo, alice, trunk), cases[i].bypass);
        ds_arena_free(&arena);
    }
}

int test_encryption(void);

int test_encryption(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_that_contradicts_itself_is_refused),
        cmocka_unit_test(without_a_word_nobody_encrypts),
        cmocka_unit_test(bypass_needs_ends_that_encrypt_alike),
    };
    return cmocka_run_group_tests_name("encryption", tests, NULL, NULL);
}
