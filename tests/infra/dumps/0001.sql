--
-- PostgreSQL database dump
--


-- Dumped from database version 18.4
-- Dumped by pg_dump version 18.4

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: ledger; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA ledger;


--
-- Name: append(timestamp with time zone, text[], bytea[], bytea[], bigint[], text[], bigint[], bigint[], text[], bigint[], text[], bytea[]); Type: FUNCTION; Schema: ledger; Owner: -
--

CREATE FUNCTION ledger.append(given_at timestamp with time zone, command_ids text[], content_hashes bytea[], given_answers bytea[], stream_ends bigint[], streams text[], expected bigint[], event_ends bigint[], event_streams text[], event_versions bigint[], topics text[], states bytea[]) RETURNS TABLE(outcome text, at_position bigint, at_time timestamp with time zone, first_content bytea, first_answer bytea)
    LANGUAGE plpgsql
    SET enable_seqscan TO 'off'
    AS $$
declare
    old_position bigint;
    new_position bigint;
    new_hash     bytea;
    new_time     timestamptz;
    s            bigint;
    e            bigint;
    is_free      boolean;
    version      bigint;
    known        ledger.commands;
begin
    select h.position, h.position, h.hash, greatest(h.recorded_at, given_at)
    into strict old_position, new_position, new_hash, new_time
    from ledger.head h order by h.position desc limit 1 for update;
    for r in 1..cardinality(command_ids) loop
        known := null;
        if command_ids[r] is not null then
            select * into known from ledger.commands c where c.id = command_ids[r];
        end if;
        is_free := true;
        s := coalesce(stream_ends[r - 1], 0) + 1;
        while is_free and s <= stream_ends[r] loop
            version := 0;
            select l.originator_version into version from ledger.log l
            where l.originator_id = streams[s] order by l.originator_version desc limit 1;
            is_free := coalesce(version, 0) = expected[s];
            s := s + 1;
        end loop;
        if known.id is not null then
            return query select 'known', known.position, known.recorded_at, known.content_hash, known.answer;
        elsif is_free then
            for e in coalesce(event_ends[r - 1], 0) + 1 .. event_ends[r] loop
                new_position := new_position + 1;
                new_hash := ledger.link(
                    new_hash, new_position, new_time, event_streams[e], event_versions[e], topics[e], states[e]);
                insert into ledger.log values (
                    event_streams[e], event_versions[e], topics[e], states[e], new_position, new_time, new_hash);
            end loop;
            if command_ids[r] is not null then
                insert into ledger.commands values (
                    command_ids[r], content_hashes[r], given_answers[r], new_position, new_time);
            end if;
            return query select 'appended', new_position, new_time, null::bytea, null::bytea;
        else
            return query select 'conflict', null::bigint, null::timestamptz, null::bytea, null::bytea;
        end if;
    end loop;
    if new_position > old_position then
        update ledger.head set position = new_position, hash = new_hash, recorded_at = new_time
        where position = old_position;
        perform pg_notify('ledger', new_position::text);
    end if;
end $$;


--
-- Name: append_one(timestamp with time zone, text, bytea, bytea, text[], bigint[], text[], bigint[], text[], bytea[]); Type: FUNCTION; Schema: ledger; Owner: -
--

CREATE FUNCTION ledger.append_one(given_at timestamp with time zone, command_id text, content_hash bytea, given_answer bytea, streams text[], expected bigint[], event_streams text[], event_versions bigint[], topics text[], states bytea[], OUT at_position bigint, OUT at_time timestamp with time zone) RETURNS record
    LANGUAGE plpgsql
    SET enable_seqscan TO 'off'
    AS $$
declare
    old_position bigint;
    new_position bigint;
    new_hash     bytea;
    new_time     timestamptz;
    version      bigint;
begin
    select h.position, h.position, h.hash, greatest(h.recorded_at, given_at)
    into strict old_position, new_position, new_hash, new_time
    from ledger.head h order by h.position desc limit 1 for update;
    if exists (select from ledger.commands c where c.id = command_id) then
        return;
    end if;
    for s in 1..cardinality(streams) loop
        version := 0;
        select l.originator_version into version from ledger.log l
        where l.originator_id = streams[s] order by l.originator_version desc limit 1;
        if coalesce(version, 0) <> expected[s] then
            return;
        end if;
    end loop;
    for e in 1..cardinality(states) loop
        new_position := new_position + 1;
        new_hash := ledger.link(
            new_hash, new_position, new_time, event_streams[e], event_versions[e], topics[e], states[e]);
        insert into ledger.log values (
            event_streams[e], event_versions[e], topics[e], states[e], new_position, new_time, new_hash);
    end loop;
    insert into ledger.commands values (command_id, content_hash, given_answer, new_position, new_time);
    update ledger.head set position = new_position, hash = new_hash, recorded_at = new_time
    where position = old_position;
    perform pg_notify('ledger', new_position::text);
    at_position := new_position;
    at_time := new_time;
end $$;


--
-- Name: link(bytea, bigint, timestamp with time zone, text, bigint, text, bytea); Type: FUNCTION; Schema: ledger; Owner: -
--

CREATE FUNCTION ledger.link(previous bytea, at_position bigint, at_time timestamp with time zone, stream text, version bigint, topic text, state bytea) RETURNS bytea
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
    select sha256(
        previous || int8send(at_position) || timestamptz_send(at_time) || int8send(version)
        || int4send(octet_length(convert_to(stream, 'UTF8'))) || int4send(octet_length(convert_to(topic, 'UTF8')))
        || convert_to(stream, 'UTF8') || convert_to(topic, 'UTF8') || state
    )
$$;


--
-- Name: position_at(timestamp with time zone); Type: FUNCTION; Schema: ledger; Owner: -
--

CREATE FUNCTION ledger.position_at(instant timestamp with time zone) RETURNS bigint
    LANGUAGE plpgsql STABLE
    SET enable_seqscan TO 'off'
    AS $$
declare
    low  bigint := 0;
    high bigint;
    mid  bigint;
begin
    select coalesce(max(notification_id), 0) into high from ledger.log;
    while low < high loop
        mid := (low + high + 1) / 2;
        if (select recorded_at from ledger.log where notification_id = mid) <= instant then
            low := mid;
        else
            high := mid - 1;
        end if;
    end loop;
    return low;
end $$;


--
-- Name: read(text, text[], bigint[]); Type: FUNCTION; Schema: ledger; Owner: -
--

CREATE FUNCTION ledger.read(command_id text, streams text[], versions bigint[]) RETURNS TABLE(stream text, version bigint, topic text, state bytea, at_position bigint, at_time timestamp with time zone, first_content bytea, first_answer bytea)
    LANGUAGE plpgsql STABLE
    SET enable_seqscan TO 'off'
    AS $$
begin
    if command_id is not null then
        return query select null::text, null::bigint, null::text, null::bytea,
            c.position, c.recorded_at, c.content_hash, c.answer
        from ledger.commands c where c.id = command_id;
    end if;
    for i in 1..cardinality(streams) loop
        return query select l.originator_id, l.originator_version, l.topic, l.state,
            null::bigint, null::timestamptz, null::bytea, null::bytea
        from ledger.log l where l.originator_id = streams[i] and l.originator_version > versions[i]
        order by l.originator_version;
    end loop;
end $$;


SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: commands; Type: TABLE; Schema: ledger; Owner: -
--

CREATE TABLE ledger.commands (
    id text NOT NULL,
    content_hash bytea NOT NULL,
    answer bytea NOT NULL,
    "position" bigint NOT NULL,
    recorded_at timestamp with time zone NOT NULL
);


--
-- Name: log; Type: TABLE; Schema: ledger; Owner: -
--

CREATE TABLE ledger.log (
    originator_id text NOT NULL,
    originator_version bigint NOT NULL,
    topic text NOT NULL,
    state bytea NOT NULL,
    notification_id bigint NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    hash bytea NOT NULL
);


--
-- Name: facts; Type: VIEW; Schema: ledger; Owner: -
--

CREATE VIEW ledger.facts AS
 SELECT notification_id AS "position",
    recorded_at,
    originator_id AS stream,
    originator_version AS version,
    topic AS name,
    state,
    hash,
    (((convert_from(state, 'UTF8'::name))::jsonb ->> 'on'::text))::date AS effective_on
   FROM ledger.log;


--
-- Name: head; Type: TABLE; Schema: ledger; Owner: -
--

CREATE TABLE ledger.head (
    "position" bigint NOT NULL,
    hash bytea NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    ledger_id uuid NOT NULL
);


--
-- Name: migrations; Type: TABLE; Schema: ledger; Owner: -
--

CREATE TABLE ledger.migrations (
    number integer NOT NULL,
    name text NOT NULL,
    sha256 text NOT NULL,
    least_code integer NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: parked; Type: TABLE; Schema: ledger; Owner: -
--

CREATE TABLE ledger.parked (
    projection text NOT NULL,
    "position" bigint NOT NULL,
    stream text NOT NULL,
    reason text NOT NULL,
    parked_at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: personal_keys; Type: TABLE; Schema: ledger; Owner: -
--

CREATE TABLE ledger.personal_keys (
    customer text NOT NULL,
    wrapped bytea,
    created_at timestamp with time zone NOT NULL,
    destroyed_at timestamp with time zone
);


--
-- Name: positions; Type: TABLE; Schema: ledger; Owner: -
--

CREATE TABLE ledger.positions (
    name text NOT NULL,
    "position" bigint NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: workers; Type: TABLE; Schema: ledger; Owner: -
--

CREATE TABLE ledger.workers (
    instance text NOT NULL,
    name text NOT NULL,
    host text NOT NULL,
    pid bigint NOT NULL,
    started_at timestamp with time zone NOT NULL,
    beat_at timestamp with time zone NOT NULL,
    state text NOT NULL,
    message text NOT NULL,
    "position" bigint NOT NULL
);


--
-- Data for Name: commands; Type: TABLE DATA; Schema: ledger; Owner: -
--

INSERT INTO ledger.commands VALUES ('demo --seed 7 --customers 6 --months 2: 1', '\x52e5fd883f285642d0dc1a5e5d38298848aa8a2a6a360def3c3494ca0b90b3a3', '\x5b5b22637573746f6d65723a4331303031222c312c22637573746f6d65722e72656769737465726564225d5d', 1, '2026-09-25 08:00:40+00');
INSERT INTO ledger.commands VALUES ('demo --seed 7 --customers 6 --months 2: 2', '\xf78d59af8a01e3bf8c8273e032ae376eec4c520b01576ac1a7b72992541fd3f3', '\x5b5b22637573746f6d65723a4331303031222c322c22637573746f6d65722e7465726d735f616772656564225d5d', 2, '2026-09-25 08:01:20+00');
INSERT INTO ledger.commands VALUES ('demo --seed 7 --customers 6 --months 2: 3', '\x51dd78636929ad74fbed23798d47418c6c6b06af1d524f19822c2213ab7cf2ee', '\x5b5b22637573746f6d65723a4331303031222c332c22637573746f6d65722e636f6e746163745f736574225d5d', 3, '2026-09-25 08:02:20+00');
INSERT INTO ledger.commands VALUES ('demo --seed 7 --customers 6 --months 2: 4', '\xfc825b207eb44eda96047b6c81abcf52bab9ad52f5249fbf6dddfc6ddf3f106b', '\x5b5b22637573746f6d65723a4331303031222c342c22637573746f6d65722e6372656469745f6c696d69745f736574225d5d', 4, '2026-09-25 08:03:00+00');
INSERT INTO ledger.commands VALUES ('demo --seed 7 --customers 6 --months 2: 5', '\x3e77903dcd1d99797e9b9ddbd6546b0adc022b8598eee0758bf058290765ed22', '\x5b5b22637573746f6d65723a4331303031222c352c22637573746f6d65722e636f6c6c6563746f725f61737369676e6564225d5d', 5, '2026-09-25 08:03:40+00');
INSERT INTO ledger.commands VALUES ('demo --seed 7 --customers 6 --months 2: 6', '\x5f4aea7f61911726602905a7fc420b1c0bdbe07b9fe0972fd170b56f72d3bf60', '\x5b5b22637573746f6d65723a4331303032222c312c22637573746f6d65722e72656769737465726564225d5d', 6, '2026-09-25 08:04:20+00');
INSERT INTO ledger.commands VALUES ('demo --seed 7 --customers 6 --months 2: 7', '\x6a4a1fb46f54def8d9ab9b03e6ea7e91981fbcd5232d3a4e3abbba8dbb4f9b5f', '\x5b5b22637573746f6d65723a4331303032222c322c22637573746f6d65722e7465726d735f616772656564225d5d', 7, '2026-09-25 08:05:00+00');
INSERT INTO ledger.commands VALUES ('demo --seed 7 --customers 6 --months 2: 8', '\xb29d91cc2eaf12fe1a9b951773ae0e2c66ab1810c1593b4544a9ef8456a67dfe', '\x5b5b22637573746f6d65723a4331303032222c332c22637573746f6d65722e636f6e746163745f736574225d5d', 8, '2026-09-25 08:06:00+00');
INSERT INTO ledger.commands VALUES ('demo --seed 7 --customers 6 --months 2: 9', '\xaaa970d980f944520e1a00c2e982e231ace6000c2c3ecd144580e1d25ad9985e', '\x5b5b22637573746f6d65723a4331303032222c342c22637573746f6d65722e6372656469745f6c696d69745f736574225d5d', 9, '2026-09-25 08:06:40+00');
INSERT INTO ledger.commands VALUES ('demo --seed 7 --customers 6 --months 2: 10', '\x817729660778b0b8a46dd8f240d0fb58e9353c41e172e093fc35bb46bd746649', '\x5b5b22637573746f6d65723a4331303032222c352c22637573746f6d65722e636f6c6c6563746f725f61737369676e6564225d5d', 10, '2026-09-25 08:07:20+00');
INSERT INTO ledger.commands VALUES ('demo --seed 7 --customers 6 --months 2: 11', '\x092d28bb5c413f79e9406b7d5798f1a0c00a83acd432e80156854d0a19d816d2', '\x5b5b22637573746f6d65723a4331303033222c312c22637573746f6d65722e72656769737465726564225d5d', 11, '2026-09-25 08:08:00+00');
INSERT INTO ledger.commands VALUES ('demo --seed 7 --customers 6 --months 2: 12', '\x2ac0369429cf3e69b92e8d36b6fefbc5585163f04e5decb700f01b11b258c033', '\x5b5b22637573746f6d65723a4331303033222c322c22637573746f6d65722e7465726d735f616772656564225d5d', 12, '2026-09-25 08:08:40+00');
INSERT INTO ledger.commands VALUES ('demo --seed 7 --customers 6 --months 2: 13', '\x83eefbd24571d5659f43249b059ce28ff5cef9784ff5a36fed21c2b9496687a5', '\x5b5b22637573746f6d65723a4331303033222c332c22637573746f6d65722e636f6e746163745f736574225d5d', 13, '2026-09-25 08:09:40+00');
INSERT INTO ledger.commands VALUES ('demo --seed 7 --customers 6 --months 2: 14', '\x526fa41db574c7c012a11e0b64a9baed8828d094ee3e243d998aacaede9fccc9', '\x5b5b22637573746f6d65723a4331303033222c342c22637573746f6d65722e6372656469745f6c696d69745f736574225d5d', 14, '2026-09-25 08:10:20+00');
INSERT INTO ledger.commands VALUES ('demo --seed 7 --customers 6 --months 2: 15', '\xc4780cf5f0d10de4be60949383ed6765d87358d74bfaf1dcd61b093924306eaf', '\x5b5b22637573746f6d65723a4331303033222c352c22637573746f6d65722e636f6c6c6563746f725f61737369676e6564225d5d', 15, '2026-09-25 08:11:00+00');
INSERT INTO ledger.commands VALUES ('demo --seed 7 --customers 6 --months 2: 16', '\x248fa1ce92fec324de6cd805e5b0bd16a1fa23faf769f7aa3b8472267e791460', '\x5b5b22637573746f6d65723a4331303034222c312c22637573746f6d65722e72656769737465726564225d5d', 16, '2026-09-25 08:11:40+00');
INSERT INTO ledger.commands VALUES ('demo --seed 7 --customers 6 --months 2: 17', '\x162c8e5b20dd6e449ac3d7b9ffcb0707189435a1ef4fbd0ba9bbae2a493ede4d', '\x5b5b22637573746f6d65723a4331303034222c322c22637573746f6d65722e7465726d735f616772656564225d5d', 17, '2026-09-25 08:12:20+00');
INSERT INTO ledger.commands VALUES ('demo --seed 7 --customers 6 --months 2: 18', '\xd14a4b77c2daa3a52a70bebd73d9ea53c22fcd562a544ac63501e5cdbfa67a37', '\x5b5b22637573746f6d65723a4331303034222c332c22637573746f6d65722e636f6e746163745f736574225d5d', 18, '2026-09-25 08:13:20+00');
INSERT INTO ledger.commands VALUES ('demo --seed 7 --customers 6 --months 2: 19', '\xd80e81dc367db2a26e09bc9b008525ca12847e1c3f7530be4552710b0221e72c', '\x5b5b22637573746f6d65723a4331303034222c342c22637573746f6d65722e6372656469745f6c696d69745f736574225d5d', 19, '2026-09-25 08:14:00+00');
INSERT INTO ledger.commands VALUES ('demo --seed 7 --customers 6 --months 2: 20', '\xcfb3aecbf84a9c8ff99823313573dacccbb1fdf16927a2417de0039a5a7c2c43', '\x5b5b22637573746f6d65723a4331303034222c352c22637573746f6d65722e636f6c6c6563746f725f61737369676e6564225d5d', 20, '2026-09-25 08:14:40+00');
INSERT INTO ledger.commands VALUES ('demo --seed 7 --customers 6 --months 2: 21', '\x885113e309934b04197a5171a5f09f3c774de7f09465fed06cbbdc3417b4ab2f', '\x5b5b22637573746f6d65723a4331303035222c312c22637573746f6d65722e72656769737465726564225d5d', 21, '2026-09-25 08:15:20+00');
INSERT INTO ledger.commands VALUES ('demo --seed 7 --customers 6 --months 2: 22', '\xd03015ac58417ac0731951ca5faaca206db57df193463754471e7a259c907ce9', '\x5b5b22637573746f6d65723a4331303035222c322c22637573746f6d65722e7465726d735f616772656564225d5d', 22, '2026-09-25 08:16:00+00');
INSERT INTO ledger.commands VALUES ('demo --seed 7 --customers 6 --months 2: 23', '\x4aad1d66535b939663ae930c72a8304e8d9ba69d8889d0d9739b08dc061921f4', '\x5b5b22637573746f6d65723a4331303035222c332c22637573746f6d65722e636f6e746163745f736574225d5d', 23, '2026-09-25 08:17:00+00');
INSERT INTO ledger.commands VALUES ('demo --seed 7 --customers 6 --months 2: 24', '\x4bc5c66d71a4af04f979abae76fc5ac42538c2694b299ab80d7f0a31e263f538', '\x5b5b22637573746f6d65723a4331303035222c342c22637573746f6d65722e6372656469745f6c696d69745f736574225d5d', 24, '2026-09-25 08:17:40+00');
INSERT INTO ledger.commands VALUES ('demo --seed 7 --customers 6 --months 2: 25', '\xff540d2d2714c4ff7a862175941dc8e864927adaa3d1fe9c7c8f342d2c0f1ace', '\x5b5b22637573746f6d65723a4331303035222c352c22637573746f6d65722e636f6c6c6563746f725f61737369676e6564225d5d', 25, '2026-09-25 08:18:20+00');
INSERT INTO ledger.commands VALUES ('demo --seed 7 --customers 6 --months 2: 26', '\xa2ef3cb244052ffac9776c5f60e3ed238fa5ab35f01b8b67846553530b4d53d2', '\x5b5b22637573746f6d65723a4331303036222c312c22637573746f6d65722e72656769737465726564225d5d', 26, '2026-09-25 08:19:00+00');
INSERT INTO ledger.commands VALUES ('demo --seed 7 --customers 6 --months 2: 27', '\x3117c680f5fef0d81e4521d2bc83c6019c8ed7f51e72be6566e2f407cb479c4b', '\x5b5b22637573746f6d65723a4331303036222c322c22637573746f6d65722e7465726d735f616772656564225d5d', 27, '2026-09-25 08:19:40+00');
INSERT INTO ledger.commands VALUES ('demo --seed 7 --customers 6 --months 2: 28', '\xa006971fce7c555cfb08cab59879c5f058ee9233e09a8ca22529ed624c38f675', '\x5b5b22637573746f6d65723a4331303036222c332c22637573746f6d65722e636f6e746163745f736574225d5d', 28, '2026-09-25 08:20:40+00');
INSERT INTO ledger.commands VALUES ('demo --seed 7 --customers 6 --months 2: 29', '\xf29b17716bdc1d2155049ed4a1e7b098467ec624804d123dd5a82211fefb037d', '\x5b5b22637573746f6d65723a4331303036222c342c22637573746f6d65722e6372656469745f6c696d69745f736574225d5d', 29, '2026-09-25 08:21:20+00');
INSERT INTO ledger.commands VALUES ('demo --seed 7 --customers 6 --months 2: 30', '\x64233cc361acf3b84c37e9a34a0a847639f0619fda0bc92d2b9c56e07015718f', '\x5b5b22637573746f6d65723a4331303036222c352c22637573746f6d65722e636f6c6c6563746f725f61737369676e6564225d5d', 30, '2026-09-25 08:22:00+00');
INSERT INTO ledger.commands VALUES ('demo --seed 7 --customers 6 --months 2: 31', '\xd4d1b00d6aa8be0b8e55a4376e855c4d6244223f727b0a0a90855aa94f325604', '\x5b5b22696e766f6963653a6d61696e3a522d3030303035222c312c22696e766f6963652e697373756564225d5d', 31, '2026-09-26 08:00:40+00');
INSERT INTO ledger.commands VALUES ('demo --seed 7 --customers 6 --months 2: 32', '\xbfebadc166342cf9eba2b02bcba5b8eca812e7f1db8123b727ff8e61387970b7', '\x5b5b22696e766f6963653a6d61696e3a522d3030303037222c312c22696e766f6963652e697373756564225d5d', 32, '2026-09-29 08:00:40+00');
INSERT INTO ledger.commands VALUES ('demo --seed 7 --customers 6 --months 2: 33', '\x912259a561a1701f2217d14fcf53480b7473135c6bc86bf4ddd3e4da2f29f0be', '\x5b5b22696e766f6963653a6d61696e3a522d3030303031222c312c22696e766f6963652e697373756564225d5d', 33, '2026-10-01 08:00:40+00');
INSERT INTO ledger.commands VALUES ('demo --seed 7 --customers 6 --months 2: 34', '\x8ed3501516cb2802f00648bd1161e2e8586a15ce2489a76990260f16bc1fd149', '\x5b5b22696e766f6963653a6d61696e3a522d3030303033222c312c22696e766f6963652e697373756564225d5d', 34, '2026-10-08 08:00:40+00');
INSERT INTO ledger.commands VALUES ('demo --seed 7 --customers 6 --months 2: 35', '\xbf0e75232fbe764609bf2034d3478abc4547f2ff8388b1385016a8e9e1d62532', '\x5b5b22696e766f6963653a6d61696e3a522d3030303131222c312c22696e766f6963652e697373756564225d5d', 35, '2026-10-08 08:01:20+00');
INSERT INTO ledger.commands VALUES ('demo --seed 7 --customers 6 --months 2: 36', '\x7f4102f919cb148f15ebac006ce40c9444377dff67f2764bc0fdda47728061fc', '\x5b5b22696e766f6963653a6d61696e3a522d3030303035222c322c22696e766f6963652e72656d696e646564225d5d', 36, '2026-10-13 08:00:40+00');
INSERT INTO ledger.commands VALUES ('demo --seed 7 --customers 6 --months 2: 37', '\x351393294a408d0b1f4b19893bfd4742dbdbfdb7c6962dc7e020fccf13bc1cd4', '\x5b5b22696e766f6963653a6d61696e3a522d3030303039222c312c22696e766f6963652e697373756564225d5d', 37, '2026-10-13 08:01:20+00');
INSERT INTO ledger.commands VALUES ('demo --seed 7 --customers 6 --months 2: 38', '\x298c766c9dc88a8d0c1dddb47146836a474d7b7da04bda7e6fa0e36caf62d8f5', '\x5b5b22696e766f6963653a6d61696e3a522d3030303035222c332c22696e766f6963652e72656d696e646564225d5d', 38, '2026-10-20 08:00:40+00');
INSERT INTO ledger.commands VALUES ('demo --seed 7 --customers 6 --months 2: 39', '\x8695af55f7f9eef3ecc9408a4aac20c5f0c44cb9e80180f903b437e1b12a29c3', '\x5b5b22696e766f6963653a6d61696e3a522d3030303035222c342c22696e766f6963652e63616c6c6564225d5d', 39, '2026-10-27 08:00:40+00');
INSERT INTO ledger.commands VALUES ('demo --seed 7 --customers 6 --months 2: 40', '\xa17ff01016183580eb145cf7a98c44699d0d5b532ea3d2836fe38874665ebb26', '\x5b5b22726563656970743a522d303030303120696e7374616c6d656e742031222c312c22726563656970742e7265636569766564225d2c5b22726563656970743a522d303030303120696e7374616c6d656e742031222c322c22726563656970742e616c6c6f6361746564225d2c5b22696e766f6963653a6d61696e3a522d3030303031222c322c22696e766f6963652e70616964225d5d', 42, '2026-10-28 08:00:40+00');
INSERT INTO ledger.commands VALUES ('demo --seed 7 --customers 6 --months 2: 41', '\x0105f58669457326f302fdb43087b73f3aeac7e2f6a5bd82c447f0ef106ba345', '\x5b5b22696e766f6963653a6d61696e3a522d3030303036222c312c22696e766f6963652e697373756564225d5d', 43, '2026-10-31 08:00:40+00');
INSERT INTO ledger.commands VALUES ('demo --seed 7 --customers 6 --months 2: 42', '\xa32a9fdb8317347319fefc51ccafb2087a0359cc57e4349826f8e07e1ace1e96', '\x5b5b22696e766f6963653a6d61696e3a522d3030303032222c312c22696e766f6963652e697373756564225d5d', 44, '2026-11-01 08:00:40+00');
INSERT INTO ledger.commands VALUES ('demo --seed 7 --customers 6 --months 2: 43', '\x747c4cefe8a1ad9973efaf6ebf1edc2b92343135f24d2a1b4591d0f73c8bf68b', '\x5b5b22696e766f6963653a6d61696e3a522d3030303038222c312c22696e766f6963652e697373756564225d5d', 45, '2026-11-03 08:00:40+00');
INSERT INTO ledger.commands VALUES ('demo --seed 7 --customers 6 --months 2: 44', '\x20f860e38fe6bf730ea8e32e558ace86fa05844fff8658c040dcf9f4bdaac546', '\x5b5b22696e766f6963653a6d61696e3a522d3030303033222c322c22696e766f6963652e6372656469745f6e6f74655f6170706c696564225d5d', 46, '2026-11-07 08:00:40+00');
INSERT INTO ledger.commands VALUES ('demo --seed 7 --customers 6 --months 2: 45', '\x01794452b91d906764156b81cdfd78c28f485d139baaa620d42ae0808055f1cf', '\x5b5b22696e766f6963653a6d61696e3a522d3030303035222c352c22696e766f6963652e6275726561755f7761726e6564225d5d', 47, '2026-11-07 08:01:20+00');
INSERT INTO ledger.commands VALUES ('demo --seed 7 --customers 6 --months 2: 46', '\xbcd85be94fbf7bc04c22352a0987062d2d5814648901a57cb3faca2620a1e981', '\x5b5b22696e766f6963653a6d61696e3a522d3030303132222c312c22696e766f6963652e697373756564225d5d', 48, '2026-11-09 08:00:40+00');
INSERT INTO ledger.commands VALUES ('demo --seed 7 --customers 6 --months 2: 47', '\x981c0fb0b46f2cb3ddff7d0af06b1e72642335827e8efb6eb76012bc2f78c8cb', '\x5b5b22696e766f6963653a6d61696e3a522d3030303033222c332c22696e766f6963652e72656d696e646564225d5d', 49, '2026-11-10 08:00:40+00');
INSERT INTO ledger.commands VALUES ('demo --seed 7 --customers 6 --months 2: 48', '\x5a61757a456712761fed160cef407c588de118c43dc42818f46525163bebcba7', '\x5b5b22726563656970743a522d3030303033207061796d656e74222c312c22726563656970742e7265636569766564225d2c5b22726563656970743a522d3030303033207061796d656e74222c322c22726563656970742e616c6c6f6361746564225d2c5b22696e766f6963653a6d61696e3a522d3030303033222c342c22696e766f6963652e70616964225d5d', 52, '2026-11-12 08:00:40+00');
INSERT INTO ledger.commands VALUES ('demo --seed 7 --customers 6 --months 2: 49', '\x9fdcb3212eb879329f0f37e0c90602341e724ea63fe46e165a443fff2e1b13ab', '\x5b5b22696e766f6963653a6d61696e3a522d3030303039222c322c22696e766f6963652e6469737075746564225d5d', 53, '2026-11-14 08:00:40+00');
INSERT INTO ledger.commands VALUES ('demo --seed 7 --customers 6 --months 2: 50', '\xaea457d8d7c78b346f9a0c9f5d9a20298b11367165bcbf35fb197a3b055c3c94', '\x5b5b22696e766f6963653a6d61696e3a522d3030303034222c312c22696e766f6963652e697373756564225d5d', 54, '2026-11-15 08:00:40+00');
INSERT INTO ledger.commands VALUES ('demo --seed 7 --customers 6 --months 2: 51', '\x889e9d02b4261fe6fdbf87d58b82272b0bbc13272548454c242cdd0baa98e8ce', '\x5b5b22696e766f6963653a6d61696e3a522d3030303036222c322c22696e766f6963652e72656d696e646564225d5d', 55, '2026-11-17 08:00:40+00');
INSERT INTO ledger.commands VALUES ('demo --seed 7 --customers 6 --months 2: 52', '\xe470cbad7cf2677696781eac937d5d362c88d9d5df8261c8948c47ea0c822e63', '\x5b5b22696e766f6963653a6d61696e3a522d3030303130222c312c22696e766f6963652e697373756564225d5d', 56, '2026-11-19 08:00:40+00');
INSERT INTO ledger.commands VALUES ('demo --seed 7 --customers 6 --months 2: 53', '\xd0094331f0a8ce0fcc428bba880c06867567d003598434e7aa9503fb5b810463', '\x5b5b22696e766f6963653a6d61696e3a522d3030303036222c332c22696e766f6963652e72656d696e646564225d5d', 57, '2026-11-24 08:00:40+00');
INSERT INTO ledger.commands VALUES ('demo --seed 7 --customers 6 --months 2: end', '\x74234e98afe7498fb5daf1f36ac2d78acc339464f950703b8c019892f982b90b', '\x5b5d', 57, '2026-11-24 08:01:00+00');
INSERT INTO ledger.commands VALUES ('6a994bac-a6d0-4821-a435-22ee02e96a94', '\xc9e0a6eafdf4b05bb5729ed1a43264444ea4b21756aa633ec66f2d0922b04901', '\x5b5b22637573746f6d65723a657261736564222c312c22637573746f6d65722e72656769737465726564225d5d', 58, '2026-11-25 11:04:59.40796+00');
INSERT INTO ledger.commands VALUES ('1b24cf99-97e1-4d8e-9a6c-49b7257e2804', '\x8aa3765968e414e9691af3309d430b04c74aa27c418014f00f20ebb514b4b5e0', '\x5b5b22637573746f6d65723a657261736564222c322c22637573746f6d65722e636f6e746163745f736574225d5d', 59, '2026-11-25 11:04:59.444149+00');
INSERT INTO ledger.commands VALUES ('7ee9eb3a-a68e-44e0-ba7d-02693a426d9e', '\xffaa4a4be474e0295e21593c1df6ece97551bae596dc31045833050d1327bd62', '\x5b5b22637573746f6d65723a657261736564222c332c22637573746f6d65722e646174615f657261736564225d5d', 60, '2026-11-25 11:04:59.481649+00');


--
-- Data for Name: head; Type: TABLE DATA; Schema: ledger; Owner: -
--

INSERT INTO ledger.head VALUES (60, '\xb2245a0177154e76102a9f7e9408d3b32648a8e10a8b4216980d70b6bf6cb333', '2026-11-25 11:04:59.481649+00', '1547a56f-96de-445e-9dbc-2a0a229d29ec');


--
-- Data for Name: log; Type: TABLE DATA; Schema: ledger; Owner: -
--

INSERT INTO ledger.log VALUES ('customer:C1001', 1, 'customer.registered', '\x7b226f6e223a22323032362d30392d3235222c226163746f72223a2273616c6573222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a2031222c2276223a312c2264617461223a7b22637573746f6d6572223a224331303031222c22636f756e747279223a224a50227d7d', 1, '2026-09-25 08:00:40+00', '\x2359772832449fdef69c71ab44d3c21eb0f6a4cbf9603094fa8cb545cb8ba3cd');
INSERT INTO ledger.log VALUES ('customer:C1001', 2, 'customer.terms_agreed', '\x7b226f6e223a22323032362d30392d3235222c226163746f72223a2273616c6573222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a2032222c2276223a312c2264617461223a7b227363686564756c65223a5b7b2264617973223a33302c2262617369735f706f696e7473223a31303030307d5d2c22646973636f756e7473223a5b5d2c2263757272656e6379223a224a5059222c226a7572697364696374696f6e223a224a50222c226c616e6775616765223a22656e222c226368616e6e656c223a22656d61696c222c2269735f636f6e73756d6572223a66616c73652c22686f6c64735f64656c6976657279223a66616c73657d7d', 2, '2026-09-25 08:01:20+00', '\xd7553c3db76fc4cb521957730b3dc3e718eba885fd83447b74c98f912fe9778b');
INSERT INTO ledger.log VALUES ('customer:C1001', 3, 'customer.contact_set', '\x7b226f6e223a22323032362d30392d3235222c226163746f72223a2273616c6573222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a2033222c2276223a312c2264617461223a7b22656e63727970746564223a22734a6875324e376f425a4f78443264475f6a43505830395159383276582d6a6d544c5559416c447771387179586a63467254556b6a356c767870682d556348326c4e57464a4f67334736745543376b636a5159346e377875736a414c674a464c4b4f684933325558674c776a5943697675673d3d227d7d', 3, '2026-09-25 08:02:20+00', '\x77fbbcc2ee98750bc68836b2595643f6c85cd8b6d1ada410fce44fbc7bd03c9b');
INSERT INTO ledger.log VALUES ('customer:C1001', 4, 'customer.credit_limit_set', '\x7b226f6e223a22323032362d30392d3235222c226163746f72223a2273616c6573222c22726561736f6e223a226f70656e696e67222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a2034222c2276223a312c2264617461223a7b22616d6f756e745f6d696e6f72223a3630303030302c2263757272656e6379223a224a5059227d7d', 4, '2026-09-25 08:03:00+00', '\x9d595b615c0a633610a941e2c6e55d6ba3c31309d03373541887a3acba7353c6');
INSERT INTO ledger.log VALUES ('customer:C1001', 5, 'customer.collector_assigned', '\x7b226f6e223a22323032362d30392d3235222c226163746f72223a2273616c6573222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a2035222c2276223a312c2264617461223a7b22636f6c6c6563746f72223a22616d697261227d7d', 5, '2026-09-25 08:03:40+00', '\x18780db5af19ef96e3ed513e119460bea5d992ebff7073680cbb11d4280976db');
INSERT INTO ledger.log VALUES ('customer:C1002', 1, 'customer.registered', '\x7b226f6e223a22323032362d30392d3235222c226163746f72223a2273616c6573222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a2036222c2276223a312c2264617461223a7b22637573746f6d6572223a224331303032222c22636f756e747279223a225553227d7d', 6, '2026-09-25 08:04:20+00', '\x5df550a402c326f41d4e2248bb74e27915a9dcbdd3bcee0d32bb1a40cbf57fb4');
INSERT INTO ledger.log VALUES ('customer:C1002', 2, 'customer.terms_agreed', '\x7b226f6e223a22323032362d30392d3235222c226163746f72223a2273616c6573222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a2037222c2276223a312c2264617461223a7b227363686564756c65223a5b7b2264617973223a33302c2262617369735f706f696e7473223a31303030307d5d2c22646973636f756e7473223a5b5d2c2263757272656e6379223a22555344222c226a7572697364696374696f6e223a225553222c226c616e6775616765223a22656e222c226368616e6e656c223a22656d61696c222c2269735f636f6e73756d6572223a66616c73652c22686f6c64735f64656c6976657279223a66616c73657d7d', 7, '2026-09-25 08:05:00+00', '\x9496ca29366b225d8854d3f161f00ac6a2eb7d5839bfbd205e74780af4cbf83a');
INSERT INTO ledger.log VALUES ('customer:C1002', 3, 'customer.contact_set', '\x7b226f6e223a22323032362d30392d3235222c226163746f72223a2273616c6573222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a2038222c2276223a312c2264617461223a7b22656e63727970746564223a2238556868562d5a36476f526661575f4147554246717550655268445275334b425467473343566e4f2d786947596b755646694758306d6c41734539486668552d766c79474d7146474b7530756b6d6b456759586a7a7242643156317830674f4f307965613435303d227d7d', 8, '2026-09-25 08:06:00+00', '\xaf51bae53889e77d38c38d46722c48c08524629371d5a112ce8ae56bb3614351');
INSERT INTO ledger.log VALUES ('customer:C1002', 4, 'customer.credit_limit_set', '\x7b226f6e223a22323032362d30392d3235222c226163746f72223a2273616c6573222c22726561736f6e223a226f70656e696e67222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a2039222c2276223a312c2264617461223a7b22616d6f756e745f6d696e6f72223a343030303030302c2263757272656e6379223a22555344227d7d', 9, '2026-09-25 08:06:40+00', '\x6555e9106e67bdd81d209f93decf668bc3cc3a75e243bde618e16e1274a3e882');
INSERT INTO ledger.log VALUES ('customer:C1002', 5, 'customer.collector_assigned', '\x7b226f6e223a22323032362d30392d3235222c226163746f72223a2273616c6573222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203130222c2276223a312c2264617461223a7b22636f6c6c6563746f72223a22626173227d7d', 10, '2026-09-25 08:07:20+00', '\x90311bd296f74e135f4c23b5b63703993c26a08e03379d57063324db376e5cc4');
INSERT INTO ledger.log VALUES ('customer:C1003', 1, 'customer.registered', '\x7b226f6e223a22323032362d30392d3235222c226163746f72223a2273616c6573222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203131222c2276223a312c2264617461223a7b22637573746f6d6572223a224331303033222c22636f756e747279223a225553227d7d', 11, '2026-09-25 08:08:00+00', '\x53c0127690c84fb8de571ade4d0e2938ff732ccdcbad7bd8a4948ec5eef8d475');
INSERT INTO ledger.log VALUES ('customer:C1003', 2, 'customer.terms_agreed', '\x7b226f6e223a22323032362d30392d3235222c226163746f72223a2273616c6573222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203132222c2276223a312c2264617461223a7b227363686564756c65223a5b7b2264617973223a31342c2262617369735f706f696e7473223a31303030307d5d2c22646973636f756e7473223a5b5d2c2263757272656e6379223a22555344222c226a7572697364696374696f6e223a225553222c226c616e6775616765223a22656e222c226368616e6e656c223a22656d61696c222c2269735f636f6e73756d6572223a66616c73652c22686f6c64735f64656c6976657279223a66616c73657d7d', 12, '2026-09-25 08:08:40+00', '\xd5f308df16326385b0841abc854fa951487b74fde8de738bf43114c01660881c');
INSERT INTO ledger.log VALUES ('customer:C1003', 3, 'customer.contact_set', '\x7b226f6e223a22323032362d30392d3235222c226163746f72223a2273616c6573222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203133222c2276223a312c2264617461223a7b22656e63727970746564223a226c6159774b765a476e5532505f2d7449535a774c6764756a414164616e6c49774a39514b663441643532774d3331543953527944734433797753424239707443423333306e2d3250566f62636e574b4756395333426f3175736353585542655a456c50744337413d227d7d', 13, '2026-09-25 08:09:40+00', '\x4874d711110aeb0cce7a1516914f54df147b7b5504020712dfb7fb350bc9d63a');
INSERT INTO ledger.log VALUES ('customer:C1003', 4, 'customer.credit_limit_set', '\x7b226f6e223a22323032362d30392d3235222c226163746f72223a2273616c6573222c22726561736f6e223a226f70656e696e67222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203134222c2276223a312c2264617461223a7b22616d6f756e745f6d696e6f72223a3132303030302c2263757272656e6379223a22555344227d7d', 14, '2026-09-25 08:10:20+00', '\x86e17a733f9211bfacee5936f261daa2610a1ca8c2cbd41fc9ba86e557c5fe66');
INSERT INTO ledger.log VALUES ('customer:C1003', 5, 'customer.collector_assigned', '\x7b226f6e223a22323032362d30392d3235222c226163746f72223a2273616c6573222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203135222c2276223a312c2264617461223a7b22636f6c6c6563746f72223a226368696469227d7d', 15, '2026-09-25 08:11:00+00', '\x1cd479b76467dd97284e2be50427fdccf47719000e16498bc9774aa73090184f');
INSERT INTO ledger.log VALUES ('customer:C1004', 1, 'customer.registered', '\x7b226f6e223a22323032362d30392d3235222c226163746f72223a2273616c6573222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203136222c2276223a312c2264617461223a7b22637573746f6d6572223a224331303034222c22636f756e747279223a224742227d7d', 16, '2026-09-25 08:11:40+00', '\x32076eff0ae3330a8ae98e46fcefd38e33f524f45dfa723b8713ea81120ab59b');
INSERT INTO ledger.log VALUES ('customer:C1004', 2, 'customer.terms_agreed', '\x7b226f6e223a22323032362d30392d3235222c226163746f72223a2273616c6573222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203137222c2276223a312c2264617461223a7b227363686564756c65223a5b7b2264617973223a36302c2262617369735f706f696e7473223a31303030307d5d2c22646973636f756e7473223a5b5d2c2263757272656e6379223a22474250222c226a7572697364696374696f6e223a224742222c226c616e6775616765223a22656e222c226368616e6e656c223a22656d61696c222c2269735f636f6e73756d6572223a66616c73652c22686f6c64735f64656c6976657279223a66616c73657d7d', 17, '2026-09-25 08:12:20+00', '\x9be4eb4bdaafbe9b68d92840a708c79b0e4b4e73f3f2ca5006bde32622dc5921');
INSERT INTO ledger.log VALUES ('customer:C1004', 3, 'customer.contact_set', '\x7b226f6e223a22323032362d30392d3235222c226163746f72223a2273616c6573222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203138222c2276223a312c2264617461223a7b22656e63727970746564223a224b44575f647047374344594a624f6a55512d6e684f7a7759313853646a49745f715436594a6667797a7357554b6d6c38364a6e434a7a566668343971636e5157332d3766686c39337862717a357a655054324d7a7a786d4d6c634b4c37727a62524d324a434442427979334a227d7d', 18, '2026-09-25 08:13:20+00', '\xd1a9c39669abb5cae1731837364d232077b4839dee060e254099f022da304a01');
INSERT INTO ledger.log VALUES ('customer:C1004', 4, 'customer.credit_limit_set', '\x7b226f6e223a22323032362d30392d3235222c226163746f72223a2273616c6573222c22726561736f6e223a226f70656e696e67222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203139222c2276223a312c2264617461223a7b22616d6f756e745f6d696e6f72223a313630303030302c2263757272656e6379223a22474250227d7d', 19, '2026-09-25 08:14:00+00', '\x889f0c0ce7d06696b27cb055aa5d72c98396103394868a8b421a1a5a262b0a33');
INSERT INTO ledger.log VALUES ('customer:C1004', 5, 'customer.collector_assigned', '\x7b226f6e223a22323032362d30392d3235222c226163746f72223a2273616c6573222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203230222c2276223a312c2264617461223a7b22636f6c6c6563746f72223a22616d697261227d7d', 20, '2026-09-25 08:14:40+00', '\x86d0c5476bc91f8101c9d270d176ea3bd3cf6f6a0fdd6427ab0699f0eb8598da');
INSERT INTO ledger.log VALUES ('customer:C1005', 1, 'customer.registered', '\x7b226f6e223a22323032362d30392d3235222c226163746f72223a2273616c6573222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203231222c2276223a312c2264617461223a7b22637573746f6d6572223a224331303035222c22636f756e747279223a224742227d7d', 21, '2026-09-25 08:15:20+00', '\x96dc9d4905ab4578c3caa768260c2b86446c02ef294fe5edc79017bd062b5f70');
INSERT INTO ledger.log VALUES ('customer:C1005', 2, 'customer.terms_agreed', '\x7b226f6e223a22323032362d30392d3235222c226163746f72223a2273616c6573222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203232222c2276223a312c2264617461223a7b227363686564756c65223a5b7b2264617973223a33302c2262617369735f706f696e7473223a31303030307d5d2c22646973636f756e7473223a5b7b2264617973223a31302c2262617369735f706f696e7473223a3230307d5d2c2263757272656e6379223a22474250222c226a7572697364696374696f6e223a224742222c226c616e6775616765223a22656e222c226368616e6e656c223a22656d61696c222c2269735f636f6e73756d6572223a66616c73652c22686f6c64735f64656c6976657279223a66616c73657d7d', 22, '2026-09-25 08:16:00+00', '\x5298972bd28b707334875d4f9208cf8ee38c2afc4d4fbcb33557be1efbde16a6');
INSERT INTO ledger.log VALUES ('customer:C1005', 3, 'customer.contact_set', '\x7b226f6e223a22323032362d30392d3235222c226163746f72223a2273616c6573222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203233222c2276223a312c2264617461223a7b22656e63727970746564223a22413748463966574e78466a6e73787a6d646e6458596c5361645f4b622d657364454d77524437616b6e774d305f622d364235424f6536447046494548304d5768444a6a457a4369424e41472d2d483674524573705f4b454d336f76676a4f79522d624862227d7d', 23, '2026-09-25 08:17:00+00', '\x6dde20d61863eae41801f395653d6a65250ad9f94898f8652dd727f848c1d131');
INSERT INTO ledger.log VALUES ('customer:C1005', 4, 'customer.credit_limit_set', '\x7b226f6e223a22323032362d30392d3235222c226163746f72223a2273616c6573222c22726561736f6e223a226f70656e696e67222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203234222c2276223a312c2264617461223a7b22616d6f756e745f6d696e6f72223a313530303030302c2263757272656e6379223a22474250227d7d', 24, '2026-09-25 08:17:40+00', '\xb79cfcfd91c0520101a4cb754531b89fd259ce108e75cbd8cc15ca37511eeb81');
INSERT INTO ledger.log VALUES ('customer:C1005', 5, 'customer.collector_assigned', '\x7b226f6e223a22323032362d30392d3235222c226163746f72223a2273616c6573222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203235222c2276223a312c2264617461223a7b22636f6c6c6563746f72223a22626173227d7d', 25, '2026-09-25 08:18:20+00', '\xc65e46d7a1bc19f7910e5efad086142d610e29d201e84300d9973cd8809d259e');
INSERT INTO ledger.log VALUES ('customer:C1006', 1, 'customer.registered', '\x7b226f6e223a22323032362d30392d3235222c226163746f72223a2273616c6573222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203236222c2276223a312c2264617461223a7b22637573746f6d6572223a224331303036222c22636f756e747279223a224e4f227d7d', 26, '2026-09-25 08:19:00+00', '\xd8bb260e81da08f0af4bc79b785cbee9579bd0f14c3f826a2da0c882076bd7ad');
INSERT INTO ledger.log VALUES ('customer:C1006', 2, 'customer.terms_agreed', '\x7b226f6e223a22323032362d30392d3235222c226163746f72223a2273616c6573222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203237222c2276223a312c2264617461223a7b227363686564756c65223a5b7b2264617973223a302c2262617369735f706f696e7473223a333030307d2c7b2264617973223a33302c2262617369735f706f696e7473223a333030307d2c7b2264617973223a36302c2262617369735f706f696e7473223a343030307d5d2c22646973636f756e7473223a5b5d2c2263757272656e6379223a224e4f4b222c226a7572697364696374696f6e223a224e4f222c226c616e6775616765223a22656e222c226368616e6e656c223a22656d61696c222c2269735f636f6e73756d6572223a66616c73652c22686f6c64735f64656c6976657279223a66616c73657d7d', 27, '2026-09-25 08:19:40+00', '\xdd936b7ddfa2c9ceff18cccde92cc039d8bd1aa029c487103a012a46f325bed6');
INSERT INTO ledger.log VALUES ('customer:C1006', 3, 'customer.contact_set', '\x7b226f6e223a22323032362d30392d3235222c226163746f72223a2273616c6573222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203238222c2276223a312c2264617461223a7b22656e63727970746564223a224b387a48624974444d67564666504441635a785f3033667554455875386c5459505f694c714a42343450757859624150546f7033654c7744547554794f326c617472486f6c6474784f324f67746e335a454d7a7a504d42492d786e6e33565358325f4b79344b513d227d7d', 28, '2026-09-25 08:20:40+00', '\xa3d4331d672593cd38c000ea22d067ccffd98df7950ceb38e0a61b0e38e35739');
INSERT INTO ledger.log VALUES ('customer:C1006', 4, 'customer.credit_limit_set', '\x7b226f6e223a22323032362d30392d3235222c226163746f72223a2273616c6573222c22726561736f6e223a226f70656e696e67222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203239222c2276223a312c2264617461223a7b22616d6f756e745f6d696e6f72223a3330303030302c2263757272656e6379223a224e4f4b227d7d', 29, '2026-09-25 08:21:20+00', '\x400d77d0b32154e1e8dd2d2c44e231c784f9e7340cc49940153be3b2012fc4aa');
INSERT INTO ledger.log VALUES ('customer:C1006', 5, 'customer.collector_assigned', '\x7b226f6e223a22323032362d30392d3235222c226163746f72223a2273616c6573222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203330222c2276223a312c2264617461223a7b22636f6c6c6563746f72223a226368696469227d7d', 30, '2026-09-25 08:22:00+00', '\xaeaadd0419fbc39bf1b8ddb242cbfb624ff4442a01942864eb69b8236a223f7e');
INSERT INTO ledger.log VALUES ('invoice:main:R-00005', 1, 'invoice.issued', '\x7b226f6e223a22323032362d30392d3236222c226163746f72223a2264656d6f222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203331222c2276223a312c2264617461223a7b226e756d626572223a22522d3030303035222c22656e74697479223a226d61696e222c22637573746f6d6572223a224331303033222c2263757272656e6379223a22555344222c22746f74616c5f6d696e6f72223a32383830352c227461785f6d696e6f72223a302c226973737565645f6f6e223a22323032362d30392d3236222c22696e7374616c6d656e7473223a5b7b226475655f6f6e223a22323032362d31302d3130222c226d696e6f72223a32383830357d5d2c22646973636f756e7473223a5b5d7d7d', 31, '2026-09-26 08:00:40+00', '\xa46a3847adff5e193adddc1da4b635a7953920de46a3eee9032ee0ecc6f6bf29');
INSERT INTO ledger.log VALUES ('invoice:main:R-00007', 1, 'invoice.issued', '\x7b226f6e223a22323032362d30392d3239222c226163746f72223a2264656d6f222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203332222c2276223a312c2264617461223a7b226e756d626572223a22522d3030303037222c22656e74697479223a226d61696e222c22637573746f6d6572223a224331303034222c2263757272656e6379223a22474250222c22746f74616c5f6d696e6f72223a3731323031352c227461785f6d696e6f72223a302c226973737565645f6f6e223a22323032362d30392d3239222c22696e7374616c6d656e7473223a5b7b226475655f6f6e223a22323032362d31312d3238222c226d696e6f72223a3731323031357d5d2c22646973636f756e7473223a5b5d7d7d', 32, '2026-09-29 08:00:40+00', '\x6c5ddf98519f206d9d2a20f13bd4a77714cd38066dadf0add5f13deb54bd7527');
INSERT INTO ledger.log VALUES ('invoice:main:R-00001', 1, 'invoice.issued', '\x7b226f6e223a22323032362d31302d3031222c226163746f72223a2264656d6f222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203333222c2276223a312c2264617461223a7b226e756d626572223a22522d3030303031222c22656e74697479223a226d61696e222c22637573746f6d6572223a224331303031222c2263757272656e6379223a224a5059222c22746f74616c5f6d696e6f72223a37333531312c227461785f6d696e6f72223a302c226973737565645f6f6e223a22323032362d31302d3031222c22696e7374616c6d656e7473223a5b7b226475655f6f6e223a22323032362d31302d3331222c226d696e6f72223a37333531317d5d2c22646973636f756e7473223a5b5d7d7d', 33, '2026-10-01 08:00:40+00', '\x300aca331cd62e5beb09c5f57d440e6fa065a6e1ccc0e20958a7e270afda9a48');
INSERT INTO ledger.log VALUES ('invoice:main:R-00003', 1, 'invoice.issued', '\x7b226f6e223a22323032362d31302d3038222c226163746f72223a2264656d6f222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203334222c2276223a312c2264617461223a7b226e756d626572223a22522d3030303033222c22656e74697479223a226d61696e222c22637573746f6d6572223a224331303032222c2263757272656e6379223a22555344222c22746f74616c5f6d696e6f72223a3232303037322c227461785f6d696e6f72223a302c226973737565645f6f6e223a22323032362d31302d3038222c22696e7374616c6d656e7473223a5b7b226475655f6f6e223a22323032362d31312d3037222c226d696e6f72223a3232303037327d5d2c22646973636f756e7473223a5b5d7d7d', 34, '2026-10-08 08:00:40+00', '\x2ba8a27b565377f437b4bd9bb2b4d5bd3b21b5fc401592537b258922a530e9b9');
INSERT INTO ledger.log VALUES ('invoice:main:R-00011', 1, 'invoice.issued', '\x7b226f6e223a22323032362d31302d3038222c226163746f72223a2264656d6f222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203335222c2276223a312c2264617461223a7b226e756d626572223a22522d3030303131222c22656e74697479223a226d61696e222c22637573746f6d6572223a224331303036222c2263757272656e6379223a224e4f4b222c22746f74616c5f6d696e6f72223a33363035392c227461785f6d696e6f72223a302c226973737565645f6f6e223a22323032362d31302d3038222c22696e7374616c6d656e7473223a5b7b226475655f6f6e223a22323032362d31302d3038222c226d696e6f72223a31303831387d2c7b226475655f6f6e223a22323032362d31312d3037222c226d696e6f72223a31303831387d2c7b226475655f6f6e223a22323032362d31322d3037222c226d696e6f72223a31343432337d5d2c22646973636f756e7473223a5b5d7d7d', 35, '2026-10-08 08:01:20+00', '\xfa9793fe4f817388190a89cd3aad980ae5426921e291b82d4fc4320334e305ef');
INSERT INTO ledger.log VALUES ('invoice:main:R-00005', 2, 'invoice.reminded', '\x7b226f6e223a22323032362d31302d3133222c226163746f72223a226368696469222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203336222c2276223a312c2264617461223a7b2273746570223a22667269656e646c792072656d696e646572222c226368616e6e656c223a22656d61696c222c22646f63756d656e74223a2233626264383963613432393466386137393136373561633339666162613836356436313766656639633635383637626565373732623664303063323630323262227d7d', 36, '2026-10-13 08:00:40+00', '\x03a17efeafdda729e59b160f75c8ec5fb3956a9c15720031908bdef8fb1ec49a');
INSERT INTO ledger.log VALUES ('invoice:main:R-00009', 1, 'invoice.issued', '\x7b226f6e223a22323032362d31302d3133222c226163746f72223a2264656d6f222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203337222c2276223a312c2264617461223a7b226e756d626572223a22522d3030303039222c22656e74697479223a226d61696e222c22637573746f6d6572223a224331303035222c2263757272656e6379223a22474250222c22746f74616c5f6d696e6f72223a3133323034372c227461785f6d696e6f72223a302c226973737565645f6f6e223a22323032362d31302d3133222c22696e7374616c6d656e7473223a5b7b226475655f6f6e223a22323032362d31312d3132222c226d696e6f72223a3133323034377d5d2c22646973636f756e7473223a5b7b22756e74696c5f6f6e223a22323032362d31302d3233222c226d696e6f72223a323634317d5d7d7d', 37, '2026-10-13 08:01:20+00', '\xabf880522d3bc14558a550e4b9fd86eb3c460680875974f143a7959dcc4826f0');
INSERT INTO ledger.log VALUES ('invoice:main:R-00005', 3, 'invoice.reminded', '\x7b226f6e223a22323032362d31302d3230222c226163746f72223a226368696469222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203338222c2276223a312c2264617461223a7b2273746570223a227365636f6e642072656d696e646572222c226368616e6e656c223a22656d61696c222c22646f63756d656e74223a2238306264363764663066373935363164346138373239623836356330643531633732353665343534323637633738343664663531363938343365313335346639227d7d', 38, '2026-10-20 08:00:40+00', '\x0e7b363fe474856ff685b6c37be4d6d66ae28cb7a8576600975ba993eec8c1bb');
INSERT INTO ledger.log VALUES ('invoice:main:R-00005', 4, 'invoice.called', '\x7b226f6e223a22323032362d31302d3237222c226163746f72223a226368696469222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203339222c2276223a312c2264617461223a7b2273706f6b655f77697468223a22726563657074696f6e222c226f7574636f6d65223a226e6f742072656163686564222c22726561736f6e5f676976656e223a226f74686572222c226e6578745f73746570223a22227d7d', 39, '2026-10-27 08:00:40+00', '\xaded6fd6eddf9278faa41094c4f2ed70898da1b7b54f292f727263b5e950c387');
INSERT INTO ledger.log VALUES ('receipt:R-00001 instalment 1', 1, 'receipt.received', '\x7b226f6e223a22323032362d31302d3238222c226163746f72223a2262616e6b222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203430222c2276223a312c2264617461223a7b2272656365697074223a22522d303030303120696e7374616c6d656e742031222c22656e74697479223a226d61696e222c2263757272656e6379223a224a5059222c22616d6f756e745f6d696e6f72223a37333531312c2276616c75655f6f6e223a22323032362d31302d3238222c22637573746f6d6572223a224331303031222c227265666572656e636573223a5b22522d3030303031225d7d7d', 40, '2026-10-28 08:00:40+00', '\x324104faae085a264273ce49915533b2c8d2976f9b3c2d8409b8867b997ec55c');
INSERT INTO ledger.log VALUES ('receipt:R-00001 instalment 1', 2, 'receipt.allocated', '\x7b226f6e223a22323032362d31302d3238222c226163746f72223a2262616e6b222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203430222c2276223a312c2264617461223a7b22616c6c6f636174696f6e223a312c22696e766f696365223a22696e766f6963653a6d61696e3a522d3030303031222c22616d6f756e745f6d696e6f72223a37333531317d7d', 41, '2026-10-28 08:00:40+00', '\x76d573d917c4bb6083c65cbe351de6773b8d86bc84f7d8ea80ac6556f4021e4e');
INSERT INTO ledger.log VALUES ('invoice:main:R-00001', 2, 'invoice.paid', '\x7b226f6e223a22323032362d31302d3238222c226163746f72223a2262616e6b222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203430222c2276223a312c2264617461223a7b2272656365697074223a22522d303030303120696e7374616c6d656e742031222c22616c6c6f636174696f6e223a312c22616d6f756e745f6d696e6f72223a37333531312c227061727473223a5b7b226974656d223a312c226d696e6f72223a37333531317d5d2c22636f6d6d697373696f6e5f6d696e6f72223a307d7d', 42, '2026-10-28 08:00:40+00', '\x36096e413a421c2c81f82f63e9e2eab58b7a4100ee89f9141e7cdb43362dc8d9');
INSERT INTO ledger.log VALUES ('invoice:main:R-00006', 1, 'invoice.issued', '\x7b226f6e223a22323032362d31302d3331222c226163746f72223a2264656d6f222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203431222c2276223a312c2264617461223a7b226e756d626572223a22522d3030303036222c22656e74697479223a226d61696e222c22637573746f6d6572223a224331303033222c2263757272656e6379223a22555344222c22746f74616c5f6d696e6f72223a32323233372c227461785f6d696e6f72223a302c226973737565645f6f6e223a22323032362d31302d3331222c22696e7374616c6d656e7473223a5b7b226475655f6f6e223a22323032362d31312d3134222c226d696e6f72223a32323233377d5d2c22646973636f756e7473223a5b5d7d7d', 43, '2026-10-31 08:00:40+00', '\x81358e2d3754a0bf1cb6f0ee47ccd261027bf0741ff80974e2af54a75f854fe2');
INSERT INTO ledger.log VALUES ('invoice:main:R-00002', 1, 'invoice.issued', '\x7b226f6e223a22323032362d31312d3031222c226163746f72223a2264656d6f222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203432222c2276223a312c2264617461223a7b226e756d626572223a22522d3030303032222c22656e74697479223a226d61696e222c22637573746f6d6572223a224331303031222c2263757272656e6379223a224a5059222c22746f74616c5f6d696e6f72223a38353533302c227461785f6d696e6f72223a302c226973737565645f6f6e223a22323032362d31312d3031222c22696e7374616c6d656e7473223a5b7b226475655f6f6e223a22323032362d31322d3031222c226d696e6f72223a38353533307d5d2c22646973636f756e7473223a5b5d7d7d', 44, '2026-11-01 08:00:40+00', '\x35282a40ec0aa7b7cac2748fc3b62a9744c9475de8a85268e548a9121c641b09');
INSERT INTO ledger.log VALUES ('invoice:main:R-00008', 1, 'invoice.issued', '\x7b226f6e223a22323032362d31312d3033222c226163746f72223a2264656d6f222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203433222c2276223a312c2264617461223a7b226e756d626572223a22522d3030303038222c22656e74697479223a226d61696e222c22637573746f6d6572223a224331303034222c2263757272656e6379223a22474250222c22746f74616c5f6d696e6f72223a3334343031332c227461785f6d696e6f72223a302c226973737565645f6f6e223a22323032362d31312d3033222c22696e7374616c6d656e7473223a5b7b226475655f6f6e223a22323032372d30312d3032222c226d696e6f72223a3334343031337d5d2c22646973636f756e7473223a5b5d7d7d', 45, '2026-11-03 08:00:40+00', '\xc0020afa82c5e5fcac36ffe85169175d04ce237bdae42d5a1dfce7fc426f2658');
INSERT INTO ledger.log VALUES ('invoice:main:R-00003', 2, 'invoice.credit_note_applied', '\x7b226f6e223a22323032362d31312d3037222c226163746f72223a22626173222c22726561736f6e223a22676f6f64732072657475726e6564222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203434222c2276223a312c2264617461223a7b226372656469745f6e6f7465223a22434e2d522d3030303033222c22616d6f756e745f6d696e6f72223a363630322c227461785f6d696e6f72223a302c227061727473223a5b7b226974656d223a312c226d696e6f72223a363630327d5d7d7d', 46, '2026-11-07 08:00:40+00', '\x08c455a2c0d61b78db4e600acaba3a9f11550ff042876ddd5385e0bbbb0cd317');
INSERT INTO ledger.log VALUES ('invoice:main:R-00005', 5, 'invoice.bureau_warned', '\x7b226f6e223a22323032362d31312d3037222c226163746f72223a226368696469222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203435222c2276223a312c2264617461223a7b22627572656175223a22437265646974696e666f222c226368616e6e656c223a226c6574746572222c22646f63756d656e74223a2235363937346261336362333663336331343931373333306539303330303732313764323033346339666333643964636366366665366336383537656233336561227d7d', 47, '2026-11-07 08:01:20+00', '\x39f9c3a99e7b4dd7f3d02bccb8fc7111169d533f6367995179e653b73fbdc455');
INSERT INTO ledger.log VALUES ('invoice:main:R-00012', 1, 'invoice.issued', '\x7b226f6e223a22323032362d31312d3039222c226163746f72223a2264656d6f222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203436222c2276223a312c2264617461223a7b226e756d626572223a22522d3030303132222c22656e74697479223a226d61696e222c22637573746f6d6572223a224331303036222c2263757272656e6379223a224e4f4b222c22746f74616c5f6d696e6f72223a33393633382c227461785f6d696e6f72223a302c226973737565645f6f6e223a22323032362d31312d3039222c22696e7374616c6d656e7473223a5b7b226475655f6f6e223a22323032362d31312d3039222c226d696e6f72223a31313839327d2c7b226475655f6f6e223a22323032362d31322d3039222c226d696e6f72223a31313839317d2c7b226475655f6f6e223a22323032372d30312d3038222c226d696e6f72223a31353835357d5d2c22646973636f756e7473223a5b5d7d7d', 48, '2026-11-09 08:00:40+00', '\x250a63f5e7bbf8341a2d76a1491ada678fe1922a9f53f91b5593a89eb12ce5df');
INSERT INTO ledger.log VALUES ('invoice:main:R-00003', 3, 'invoice.reminded', '\x7b226f6e223a22323032362d31312d3130222c226163746f72223a22626173222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203437222c2276223a312c2264617461223a7b2273746570223a22667269656e646c792072656d696e646572222c226368616e6e656c223a22656d61696c222c22646f63756d656e74223a2236666265663663356537396230623265386337386366373536346131333238656634366462653034346266633938383862336432663336373830653166346338227d7d', 49, '2026-11-10 08:00:40+00', '\xf615edcef3ef1de3d2e16fcb1b43740b14d58364c023b23642c570ee9c30a165');
INSERT INTO ledger.log VALUES ('receipt:R-00003 payment', 1, 'receipt.received', '\x7b226f6e223a22323032362d31312d3132222c226163746f72223a2262616e6b222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203438222c2276223a312c2264617461223a7b2272656365697074223a22522d3030303033207061796d656e74222c22656e74697479223a226d61696e222c2263757272656e6379223a22555344222c22616d6f756e745f6d696e6f72223a3231333437302c2276616c75655f6f6e223a22323032362d31312d3132222c22637573746f6d6572223a224331303032222c227265666572656e636573223a5b22522d3030303033225d7d7d', 50, '2026-11-12 08:00:40+00', '\x0b4e7aa1f47b73e42e6875e2c1387a9de745c37221dd5fa513d830cc3f9da083');
INSERT INTO ledger.log VALUES ('receipt:R-00003 payment', 2, 'receipt.allocated', '\x7b226f6e223a22323032362d31312d3132222c226163746f72223a2262616e6b222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203438222c2276223a312c2264617461223a7b22616c6c6f636174696f6e223a312c22696e766f696365223a22696e766f6963653a6d61696e3a522d3030303033222c22616d6f756e745f6d696e6f72223a3231333437307d7d', 51, '2026-11-12 08:00:40+00', '\x2410f21017186486f568bda2594346687071f4bc356be60b72a7c734ea6cb4f2');
INSERT INTO ledger.log VALUES ('invoice:main:R-00003', 4, 'invoice.paid', '\x7b226f6e223a22323032362d31312d3132222c226163746f72223a2262616e6b222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203438222c2276223a312c2264617461223a7b2272656365697074223a22522d3030303033207061796d656e74222c22616c6c6f636174696f6e223a312c22616d6f756e745f6d696e6f72223a3231333437302c227061727473223a5b7b226974656d223a312c226d696e6f72223a3231333437307d5d2c22636f6d6d697373696f6e5f6d696e6f72223a307d7d', 52, '2026-11-12 08:00:40+00', '\x1cf0fdfe8ef455204e340a14b08243446ae21e2aa29366e8b64081dd8b038884');
INSERT INTO ledger.log VALUES ('invoice:main:R-00009', 2, 'invoice.disputed', '\x7b226f6e223a22323032362d31312d3134222c226163746f72223a22626173222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203439222c2276223a312c2264617461223a7b2264697370757465223a312c22726561736f6e5f636f6465223a227175616c697479222c22616d6f756e745f6d696e6f72223a3133323034372c227061727473223a5b7b226974656d223a312c226d696e6f72223a3133323034377d5d2c22636f6d6d656e74223a22227d7d', 53, '2026-11-14 08:00:40+00', '\x3fff708bf2e280345821f379babb4da55d44c6b2c782f01d1e39e72bac8cdeef');
INSERT INTO ledger.log VALUES ('invoice:main:R-00004', 1, 'invoice.issued', '\x7b226f6e223a22323032362d31312d3135222c226163746f72223a2264656d6f222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203530222c2276223a312c2264617461223a7b226e756d626572223a22522d3030303034222c22656e74697479223a226d61696e222c22637573746f6d6572223a224331303032222c2263757272656e6379223a22555344222c22746f74616c5f6d696e6f72223a3232303037332c227461785f6d696e6f72223a302c226973737565645f6f6e223a22323032362d31312d3135222c22696e7374616c6d656e7473223a5b7b226475655f6f6e223a22323032362d31322d3135222c226d696e6f72223a3232303037337d5d2c22646973636f756e7473223a5b5d7d7d', 54, '2026-11-15 08:00:40+00', '\x8311f282a0bc9935e3ee8eff4ee7a0754ac331f1ed9e516e8130b3b5cdfb50eb');
INSERT INTO ledger.log VALUES ('invoice:main:R-00006', 2, 'invoice.reminded', '\x7b226f6e223a22323032362d31312d3137222c226163746f72223a226368696469222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203531222c2276223a312c2264617461223a7b2273746570223a22667269656e646c792072656d696e646572222c226368616e6e656c223a22656d61696c222c22646f63756d656e74223a2233333235383030343836303339346439383937333965646264326134623263326364613737363362383233363361643863633464663766373139323331376163227d7d', 55, '2026-11-17 08:00:40+00', '\xed54165559146cf4fc1371cfa99525bf103b5200cb025ac20e2c8208bb2b7a76');
INSERT INTO ledger.log VALUES ('invoice:main:R-00010', 1, 'invoice.issued', '\x7b226f6e223a22323032362d31312d3139222c226163746f72223a2264656d6f222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203532222c2276223a312c2264617461223a7b226e756d626572223a22522d3030303130222c22656e74697479223a226d61696e222c22637573746f6d6572223a224331303035222c2263757272656e6379223a22474250222c22746f74616c5f6d696e6f72223a3133383036332c227461785f6d696e6f72223a302c226973737565645f6f6e223a22323032362d31312d3139222c22696e7374616c6d656e7473223a5b7b226475655f6f6e223a22323032362d31322d3139222c226d696e6f72223a3133383036337d5d2c22646973636f756e7473223a5b7b22756e74696c5f6f6e223a22323032362d31312d3239222c226d696e6f72223a323736317d5d7d7d', 56, '2026-11-19 08:00:40+00', '\xf62dccf6c65a22645e23fc644d1ce4f2e5355c56c77db9f2446e0987d45794eb');
INSERT INTO ledger.log VALUES ('invoice:main:R-00006', 3, 'invoice.reminded', '\x7b226f6e223a22323032362d31312d3234222c226163746f72223a226368696469222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203533222c2276223a312c2264617461223a7b2273746570223a227365636f6e642072656d696e646572222c226368616e6e656c223a22656d61696c222c22646f63756d656e74223a2237626435616363643032363531333238666233373337643530653336643563333935653338656630616537623338393230303734633435656237623031663731227d7d', 57, '2026-11-24 08:00:40+00', '\x60559fcfdb98ff4fb4ae14004e2ead4dffde85e7ba19930beccdc85e92139027');
INSERT INTO ledger.log VALUES ('customer:erased', 1, 'customer.registered', '\x7b226f6e223a22323032362d31312d3235222c226163746f72223a2264656d6f222c22636f6d6d616e64223a2236613939346261632d613664302d343832312d613433352d323265653032653936613934222c2276223a312c2264617461223a7b22637573746f6d6572223a22657261736564227d7d', 58, '2026-11-25 11:04:59.40796+00', '\xc9f3964dc1f2f31bf3e61991df68653b3613be909b3578f2af509c304f943c83');
INSERT INTO ledger.log VALUES ('customer:erased', 2, 'customer.contact_set', '\x7b226f6e223a22323032362d31312d3235222c226163746f72223a2264656d6f222c22636f6d6d616e64223a2231623234636639392d393765312d346438652d396136632d343962373235376532383034222c2276223a312c2264617461223a7b22656e63727970746564223a22522d5232736e59765f4e746f70706e33305749355a48526475665f326c3970444548657a5a5352764c415f70227d7d', 59, '2026-11-25 11:04:59.444149+00', '\x5e6e3bb190dad615026ee513c3ba0fcb00509847e647f4049254851132674cb1');
INSERT INTO ledger.log VALUES ('customer:erased', 3, 'customer.data_erased', '\x7b226f6e223a22323032362d31312d3235222c226163746f72223a2264656d6f222c22726561736f6e223a2261736b65642062792074686520706572736f6e222c22636f6d6d616e64223a2237656539656233612d613638652d343465302d626137642d303236393361343236643965222c2276223a312c2264617461223a7b7d7d', 60, '2026-11-25 11:04:59.481649+00', '\xb2245a0177154e76102a9f7e9408d3b32648a8e10a8b4216980d70b6bf6cb333');


--
-- Data for Name: migrations; Type: TABLE DATA; Schema: ledger; Owner: -
--

INSERT INTO ledger.migrations VALUES (1, '0001_ledger', 'a9322c25ae17cf49222ff69ffb2c58cd4903fe61fcd9704bcfde1c2c3df2ed24', 1, '2026-11-25 11:04:59.129552+00');


--
-- Data for Name: parked; Type: TABLE DATA; Schema: ledger; Owner: -
--



--
-- Data for Name: personal_keys; Type: TABLE DATA; Schema: ledger; Owner: -
--

INSERT INTO ledger.personal_keys VALUES ('C1001', '\x6bcef192c628c438026be9d1940344e285febde5055c589882692d490b7442abd0342ca77d7eca6f381d36629d566271f78657cc77aa258c650580331fe5d4f441001ebb37229cc9d0ae931c732d4dd1', '2026-09-25 08:02:00+00', NULL);
INSERT INTO ledger.personal_keys VALUES ('C1002', '\x6dc16108527a4fe72e659cb834c3a84f6574599c742e74d59a52644a55e95d9ac28be7c1433a4027b4ced0605c0335367ceddd421f753e6f40ed25d0bde2f85a501d8b437c662f51cc194270f73ebf82', '2026-09-25 08:05:40+00', NULL);
INSERT INTO ledger.personal_keys VALUES ('C1003', '\x4d66f8eb7f9d490504381e2eaca063b82074a7a4ed5756f4c716a48dd0601f9130ed33460424a00a1592a26b8f5858ceff76d8cdf0babdb9d9caa71fbeb35763faecd76240f52dfe1ae4a3e3369855ef', '2026-09-25 08:09:20+00', NULL);
INSERT INTO ledger.personal_keys VALUES ('C1004', '\x6ef673c669cf9367d8fda7689eb6e2dfed3780e32eceb06bd1048eb9e87a23d2533704a568145dbe2d3f696a429fbf92ecb543f6fa2392e44f32854a7997f280f0713280968da22f2704bda25b177ead', '2026-09-25 08:13:00+00', NULL);
INSERT INTO ledger.personal_keys VALUES ('C1005', '\x97c41c268c7d2621f504603cd08554ea2adaad68f2a151e0516e91c33112d0fe2705442da9c1429cfd9e5678061dd3448dcafd3ceb111399968e2e7b69163535b47865a9298f153c2c2033899633eb2e', '2026-09-25 08:16:40+00', NULL);
INSERT INTO ledger.personal_keys VALUES ('C1006', '\x857a9ab011354f328d351acbf25536f74da18ef9a4655b7e5b0132e34c156004b8f18904ea06d7a7556bea5bb5b1f1aa06207809586e71f9debf6d0d5945c6ff4ff61f4e1e41dbc2b59f7ae45fac0f88', '2026-09-25 08:20:20+00', NULL);
INSERT INTO ledger.personal_keys VALUES ('erased', NULL, '2026-11-25 11:04:59.442719+00', '2026-11-25 11:04:59.483754+00');


--
-- Data for Name: positions; Type: TABLE DATA; Schema: ledger; Owner: -
--

INSERT INTO ledger.positions VALUES ('open_items', 59, '2026-11-25 11:04:59.470773+00');
INSERT INTO ledger.positions VALUES ('credit_risk', 59, '2026-11-25 11:04:59.470773+00');
INSERT INTO ledger.positions VALUES ('audit', 59, '2026-11-25 11:04:59.470773+00');


--
-- Data for Name: workers; Type: TABLE DATA; Schema: ledger; Owner: -
--



--
-- Name: commands commands_pkey; Type: CONSTRAINT; Schema: ledger; Owner: -
--

ALTER TABLE ONLY ledger.commands
    ADD CONSTRAINT commands_pkey PRIMARY KEY (id);


--
-- Name: head head_pkey; Type: CONSTRAINT; Schema: ledger; Owner: -
--

ALTER TABLE ONLY ledger.head
    ADD CONSTRAINT head_pkey PRIMARY KEY ("position");


--
-- Name: log log_pkey; Type: CONSTRAINT; Schema: ledger; Owner: -
--

ALTER TABLE ONLY ledger.log
    ADD CONSTRAINT log_pkey PRIMARY KEY (originator_id, originator_version);


--
-- Name: migrations migrations_pkey; Type: CONSTRAINT; Schema: ledger; Owner: -
--

ALTER TABLE ONLY ledger.migrations
    ADD CONSTRAINT migrations_pkey PRIMARY KEY (number);


--
-- Name: parked parked_pkey; Type: CONSTRAINT; Schema: ledger; Owner: -
--

ALTER TABLE ONLY ledger.parked
    ADD CONSTRAINT parked_pkey PRIMARY KEY (projection, "position");


--
-- Name: personal_keys personal_keys_pkey; Type: CONSTRAINT; Schema: ledger; Owner: -
--

ALTER TABLE ONLY ledger.personal_keys
    ADD CONSTRAINT personal_keys_pkey PRIMARY KEY (customer);


--
-- Name: positions positions_pkey; Type: CONSTRAINT; Schema: ledger; Owner: -
--

ALTER TABLE ONLY ledger.positions
    ADD CONSTRAINT positions_pkey PRIMARY KEY (name);


--
-- Name: workers workers_pkey; Type: CONSTRAINT; Schema: ledger; Owner: -
--

ALTER TABLE ONLY ledger.workers
    ADD CONSTRAINT workers_pkey PRIMARY KEY (instance);


--
-- Name: log_notification_id; Type: INDEX; Schema: ledger; Owner: -
--

CREATE UNIQUE INDEX log_notification_id ON ledger.log USING btree (notification_id);


--
-- Name: parked_stream; Type: INDEX; Schema: ledger; Owner: -
--

CREATE INDEX parked_stream ON ledger.parked USING btree (projection, stream);


--
-- PostgreSQL database dump complete
--


