#include "world.h"

static const char pbx_name[] = "pbx.contoso.example", gateway_name[] = "gateway.contoso.example";

/* One authority, a server's and a client's identity, and what the client asks for. */
struct scene {
    struct world *world;
    struct ds_tls_authority *authority;
    struct ds_tls_identity *server, *client;
    struct host host;
    struct end end;
    struct ds_addr at;
};

static struct ds_tls_identity *
identity(struct ds_tls_authority *authority, const char *name, int version)
{
    struct ds_tls_identity *made = NULL;
    struct ds_why why;
    assert_int_equal(ds_tls_identity_new(authority, name, version, &made, &why), DS_OK);
    return made;
}

static void set(struct scene *scene, struct world *world, int version)
{
    struct ds_why why;
    *scene = (struct scene){.world = world};
    assert_int_equal(ds_tls_authority_new(world->net, &scene->authority, &why), DS_OK);
    scene->server = identity(scene->authority, pbx_name, version);
    scene->client = identity(scene->authority, gateway_name, 0);
    scene->at = host_open(world, &scene->host, scene->server);
}

static void call(struct scene *scene, const char *peer_name, bool accept_any_name)
{
    const struct ds_stream_target target = {.from = place(1, 0),
                                            .to = scene->at,
                                            .tls = scene->client,
                                            .peer_name = peer_name,
                                            .accept_any_name = accept_any_name};
    struct ds_why why;
    assert_int_equal(ds_stream_connect(scene->world->net, &target, &end_events, &scene->end,
                                       &scene->end.stream, &why),
                     DS_OK);
}

static void strike(struct scene *scene)
{
    end_clean_up(&scene->end);
    host_clean_up(&scene->host);
    ds_tls_identity_free(&scene->server);
    ds_tls_identity_free(&scene->client);
    ds_tls_authority_free(&scene->authority);
    assert_null(scene->authority);
}

static void talk(struct world *world, int version)
{
    struct scene scene;
    set(&scene, world, version);
    scene.host.end.echo = true;
    call(&scene, pbx_name, false);
    ds_stream_send(scene.end.stream, DS_LITERAL("before TLS is agreed, "));
    turn_until(world, &scene.end.opens, 1);
    ds_stream_send(scene.end.stream, DS_LITERAL("and after"));
    turn_until(world, &scene.end.bytes, 31);
    assert_string_equal(scene.end.heard.at, "before TLS is agreed, and after");
    assert_int_equal(scene.host.accepted, 1);
    ds_stream_close(&scene.end.stream);
    turn_until(world, &scene.host.end.closes, 1);
    assert_non_null(strstr(scene.host.end.why.text, " closed the connection"));
    strike(&scene);
}

static void tls_1_2_carries_both_ways(void **state)
{
    struct world *world = *state;
    talk(world, 12);
    assert_non_null(strstr(world->secrets.at, "CLIENT_RANDOM "));
    assert_null(strstr(world->secrets.at, "TRAFFIC_SECRET"));
}

static void tls_1_3_carries_both_ways(void **state)
{
    struct world *world = *state;
    talk(world, 13);
    assert_non_null(strstr(world->secrets.at, "CLIENT_HANDSHAKE_TRAFFIC_SECRET "));
    assert_non_null(strstr(world->secrets.at, "SERVER_TRAFFIC_SECRET_0 "));
}

static void the_best_version_both_know_is_taken(void **state)
{
    struct world *world = *state;
    talk(world, 0);
    assert_non_null(strstr(world->secrets.at, "SERVER_TRAFFIC_SECRET_0 "));
}

static void much_goes_through_tls_whole_and_before_the_close(void **state)
{
    static char much[300000];
    struct world *world = *state;
    struct scene scene;
    for (size_t i = 0; i < sizeof much; i++)
        much[i] = (char)(i % 253);
    set(&scene, world, 13);
    call(&scene, pbx_name, false);
    ds_stream_send(scene.end.stream, (struct ds_slice){much, sizeof much});
    ds_stream_close(&scene.end.stream);
    turn_until(world, &scene.host.end.closes, 1);
    assert_int_equal(scene.host.end.bytes, sizeof much);
    assert_memory_equal(scene.host.end.heard.at, much, sizeof much);
    assert_null(memmem(world->taps.at, world->taps.len, "d300000;", 8));
    strike(&scene);
}

static void a_certificate_for_another_name_is_refused(void **state)
{
    struct world *world = *state;
    struct scene scene;
    char expected[256];
    set(&scene, world, 0);
    call(&scene, gateway_name, false);
    turn_until(world, &scene.end.closes, 1);
    assert_int_equal(scene.end.opens, 0);
    snprintf(expected, sizeof expected, "the certificate of %s is for %s, not for %s",
             ds_addr_text(scene.at).text, pbx_name, gateway_name);
    assert_string_equal(scene.end.why.text, expected);
    ds_stream_close(&scene.end.stream);
    settle(world);
    assert_int_equal(scene.host.accepted, 0);
    strike(&scene);
}

static void any_name_is_taken_on_request(void **state)
{
    struct world *world = *state;
    struct scene scene;
    set(&scene, world, 0);
    call(&scene, gateway_name, true);
    turn_until(world, &scene.end.opens, 1);
    ds_stream_close(&scene.end.stream);
    scene.end.opens = 0;
    call(&scene, NULL, false);
    turn_until(world, &scene.end.opens, 1);
    strike(&scene);
}

static void another_authority_is_refused_by_the_client(void **state)
{
    struct world *world = *state;
    struct scene scene, other;
    set(&scene, world, 0);
    set(&other, world, 0);
    scene.at = other.at;
    call(&scene, pbx_name, false);
    turn_until(world, &scene.end.closes, 1);
    assert_non_null(strstr(scene.end.why.text, ds_addr_text(other.at).text));
    assert_non_null(strstr(scene.end.why.text, "is refused"));
    assert_int_equal(scene.end.opens + other.host.accepted, 0);
    strike(&scene);
    strike(&other);
}

/* With TLS 1.2 the server's refusal comes before the client takes the connection for open. */
static void another_authority_is_refused_by_the_server(void **state)
{
    struct world *world = *state;
    struct scene scene;
    struct ds_tls_authority *other = NULL;
    struct ds_why why;
    set(&scene, world, 12);
    assert_int_equal(ds_tls_authority_new(world->net, &other, &why), DS_OK);
    ds_tls_identity_free(&scene.client);
    scene.client = identity(other, gateway_name, 0);
    call(&scene, pbx_name, true);
    turn_until(world, &scene.end.closes, 1);
    settle(world);
    assert_int_equal(scene.host.accepted, 0);
    strike(&scene);
    ds_tls_authority_free(&other);
}

static const char *pbx_alone(void *owner, struct ds_addr from)
{
    (void)owner;
    assert_true(ds_addr_same_ip(from, place(1, 0)));
    return pbx_name;
}

static const char *gateway_alone(void *owner, struct ds_addr from)
{
    (void)owner;
    (void)from;
    return gateway_name;
}

/* With TLS 1.3 the client takes the connection for open, and speaks; nobody hears it. */
static void a_caller_of_another_name_is_refused(void **state)
{
    struct world *world = *state;
    for (int version = 12; version <= 13; version++) {
        struct scene scene;
        set(&scene, world, version);
        ds_listener_ask_names(scene.host.listener, pbx_alone);
        call(&scene, pbx_name, false);
        ds_stream_send(scene.end.stream, DS_LITERAL("is anybody there?"));
        turn_until(world, &scene.end.closes, 1);
        settle(world);
        assert_int_equal(scene.end.opens, version == 13);
        assert_int_equal(scene.host.accepted, 0);
        ds_stream_close(&scene.end.stream);
        ds_listener_ask_names(scene.host.listener, gateway_alone);
        scene.end.opens = 0;
        call(&scene, pbx_name, false);
        turn_until(world, &scene.host.accepted, 1);
        turn_until(world, &scene.end.opens, 1);
        strike(&scene);
    }
}

static void versions_that_do_not_meet_fail_with_a_sentence(void **state)
{
    struct world *world = *state;
    struct scene scene;
    set(&scene, world, 12);
    ds_tls_identity_free(&scene.client);
    scene.client = identity(scene.authority, gateway_name, 13);
    call(&scene, pbx_name, false);
    turn_until(world, &scene.end.closes, 1);
    assert_int_equal(scene.end.opens + scene.host.accepted, 0);
    assert_non_null(strstr(scene.end.why.text, "TLS with "));
    assert_non_null(strstr(scene.end.why.text, "version"));
    strike(&scene);
}

static void what_is_no_tls_is_turned_away(void **state)
{
    struct world *world = *state;
    struct scene scene;
    struct ds_why why;
    set(&scene, world, 0);
    const struct ds_stream_target target = {.from = place(1, 0), .to = scene.at};
    assert_int_equal(
        ds_stream_connect(world->net, &target, &end_events, &scene.end, &scene.end.stream, &why),
        DS_OK);
    ds_stream_send(scene.end.stream, DS_LITERAL("OPTIONS sip:pbx SIP/2.0\r\n\r\n"));
    turn_until(world, &scene.end.closes, 1);
    assert_int_equal(scene.host.accepted, 0);
    strike(&scene);
}

static void a_listener_closed_amid_the_handshake_lets_go(void **state)
{
    struct world *world = *state;
    struct scene scene;
    set(&scene, world, 0);
    call(&scene, pbx_name, false);
    turn(world);
    ds_listener_close(&scene.host.listener);
    turn_until(world, &scene.end.closes, 1);
    assert_int_equal(scene.end.opens, 0);
    strike(&scene);
}

static void tls_ends_may_close_in_their_callbacks(void **state)
{
    struct world *world = *state;
    struct scene scene;
    set(&scene, world, 13);
    scene.host.end.close_on_data = true;
    scene.end.close_on_open = true;
    call(&scene, pbx_name, false);
    ds_stream_send(scene.end.stream, DS_LITERAL("close yourself"));
    turn_until(world, &scene.end.opens, 1);
    turn_until(world, &scene.host.end.bytes, 14);
    assert_null(scene.host.end.stream);
    settle(world);
    strike(&scene);
}

static void identities_may_go_while_their_streams_still_talk(void **state)
{
    struct world *world = *state;
    struct scene scene;
    set(&scene, world, 0);
    call(&scene, pbx_name, false);
    ds_stream_send(scene.end.stream, DS_LITERAL("the last word"));
    turn(world);
    ds_stream_close(&scene.end.stream);
    host_clean_up(&scene.host);
    strike(&scene);
}

static void bad_wishes_are_refused(void **state)
{
    struct world *world = *state;
    struct scene scene;
    struct ds_tls_identity *none = NULL;
    struct ds_why why;
    set(&scene, world, 0);
    assert_int_equal(ds_tls_identity_new(scene.authority, "a,DNS:b", 0, &none, &why), DS_BAD);
    assert_string_equal(why.text, "'a,DNS:b' is no host name that a certificate could be for");
    assert_int_equal(ds_tls_identity_new(scene.authority, "", 0, &none, &why), DS_BAD);
    assert_int_equal(ds_tls_identity_new(scene.authority, pbx_name, 11, &none, &why), DS_BAD);
    assert_string_equal(why.text, "TLS version 11 is not known: write 12, 13, or 0 for either");
    assert_null(none);
    strike(&scene);
}

static void the_authority_shows_its_certificate(void **state)
{
    struct world *world = *state;
    struct scene scene;
    struct ds_buf pem = {0};
    set(&scene, world, 0);
    assert_int_equal(ds_tls_authority_pem(scene.authority, &pem), DS_OK);
    assert_true(ds_slice_starts(ds_buf_slice(&pem), DS_LITERAL("-----BEGIN CERTIFICATE-----\n")));
    ds_buf_clean_up(&pem);
    strike(&scene);
}

/* Everything that passes and every key, of one handshake with the seed of the world. */
static void record(struct world *world, struct ds_buf *out)
{
    struct scene scene;
    set(&scene, world, 13);
    call(&scene, pbx_name, false);
    turn_until(world, &scene.end.opens, 1);
    assert_int_equal(ds_tls_authority_pem(scene.authority, out), DS_OK);
    ds_buf_add(out, ds_buf_slice(&world->secrets));
    ds_buf_add(out, ds_buf_slice(&world->taps));
    strike(&scene);
}

static void the_same_seed_gives_the_same_tls(void **state)
{
    struct ds_buf first = {0}, second = {0};
    struct world *world = *state;
    record(world, &first);
    stop_world(state);
    start_simulated(state);
    record(world, &second);
    assert_true(first.len > 1000);
    assert_true(ds_slice_equal(ds_buf_slice(&first), ds_buf_slice(&second)));
    ds_buf_clean_up(&first);
    ds_buf_clean_up(&second);
}

static ds_rc make_both(void *owner)
{
    struct world *world = owner;
    struct ds_tls_authority *authority = NULL;
    struct ds_tls_identity *made = NULL;
    struct ds_buf pem = {0};
    ds_rc rc = ds_tls_authority_new(world->net, &authority, NULL);
    if (rc == DS_OK)
        rc = ds_tls_identity_new(authority, pbx_name, 0, &made, NULL);
    if (rc == DS_OK)
        rc = ds_tls_authority_pem(authority, &pem);
    ds_buf_clean_up(&pem);
    ds_tls_identity_free(&made);
    ds_tls_authority_free(&authority);
    return rc;
}

static void exhaustion_is_told(void **state)
{
    ds_exhaust(make_both, *state);
}

int test_tls(void);

#define IN(start, test) cmocka_unit_test_setup_teardown(test, start, stop_world)
#define TABLE(start)                                                                               \
    IN(start, tls_1_2_carries_both_ways), IN(start, tls_1_3_carries_both_ways),                    \
        IN(start, the_best_version_both_know_is_taken),                                            \
        IN(start, much_goes_through_tls_whole_and_before_the_close),                               \
        IN(start, a_certificate_for_another_name_is_refused),                                      \
        IN(start, any_name_is_taken_on_request),                                                   \
        IN(start, another_authority_is_refused_by_the_client),                                     \
        IN(start, another_authority_is_refused_by_the_server),                                     \
        IN(start, a_caller_of_another_name_is_refused),                                            \
        IN(start, versions_that_do_not_meet_fail_with_a_sentence),                                 \
        IN(start, what_is_no_tls_is_turned_away),                                                  \
        IN(start, a_listener_closed_amid_the_handshake_lets_go),                                   \
        IN(start, tls_ends_may_close_in_their_callbacks),                                          \
        IN(start, identities_may_go_while_their_streams_still_talk),                               \
        IN(start, bad_wishes_are_refused), IN(start, the_authority_shows_its_certificate),         \
        IN(start, exhaustion_is_told)

int test_tls(void)
{
    const struct CMUnitTest simulated[] = {TABLE(start_simulated),
                                           IN(start_simulated, the_same_seed_gives_the_same_tls)};
    const struct CMUnitTest loopback[] = {TABLE(start_loopback)};
    const struct CMUnitTest held[] = {TABLE(start_held)};
    return cmocka_run_group_tests_name("tls, simulated", simulated, NULL, NULL) +
           cmocka_run_group_tests_name("tls, loopback", loopback, NULL, NULL) +
           cmocka_run_group_tests_name("tls, loopback, held", held, NULL, NULL);
}
