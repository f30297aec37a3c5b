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
INSERT INTO ledger.commands VALUES ('6b529238-5e2b-4dc1-99fd-36f73a1c0ed5', '\xc9e0a6eafdf4b05bb5729ed1a43264444ea4b21756aa633ec66f2d0922b04901', '\x5b5b22637573746f6d65723a657261736564222c312c22637573746f6d65722e72656769737465726564225d5d', 58, '2026-11-25 10:42:29.121139+00');
INSERT INTO ledger.commands VALUES ('5625aff6-7749-4aae-b56a-f22df440fdbc', '\x8aa3765968e414e9691af3309d430b04c74aa27c418014f00f20ebb514b4b5e0', '\x5b5b22637573746f6d65723a657261736564222c322c22637573746f6d65722e636f6e746163745f736574225d5d', 59, '2026-11-25 10:42:29.171614+00');
INSERT INTO ledger.commands VALUES ('0c477c7a-5f65-4d7d-bff3-6fd75f74ded7', '\xffaa4a4be474e0295e21593c1df6ece97551bae596dc31045833050d1327bd62', '\x5b5b22637573746f6d65723a657261736564222c332c22637573746f6d65722e646174615f657261736564225d5d', 60, '2026-11-25 10:42:29.224116+00');


--
-- Data for Name: head; Type: TABLE DATA; Schema: ledger; Owner: -
--

INSERT INTO ledger.head VALUES (60, '\x7bf53f981989238da15a6d30b5b3db050cc771710e3c1b9578254fec4c9e6fea', '2026-11-25 10:42:29.224116+00', 'a178bbac-2a6d-43f2-99f1-f3fe87cfd94c');


--
-- Data for Name: log; Type: TABLE DATA; Schema: ledger; Owner: -
--

INSERT INTO ledger.log VALUES ('customer:C1001', 1, 'customer.registered', '\x7b226f6e223a22323032362d30392d3235222c226163746f72223a2273616c6573222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a2031222c2276223a312c2264617461223a7b22637573746f6d6572223a224331303031222c22636f756e747279223a224a50227d7d', 1, '2026-09-25 08:00:40+00', '\x2359772832449fdef69c71ab44d3c21eb0f6a4cbf9603094fa8cb545cb8ba3cd');
INSERT INTO ledger.log VALUES ('customer:C1001', 2, 'customer.terms_agreed', '\x7b226f6e223a22323032362d30392d3235222c226163746f72223a2273616c6573222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a2032222c2276223a312c2264617461223a7b227363686564756c65223a5b7b2264617973223a33302c2262617369735f706f696e7473223a31303030307d5d2c22646973636f756e7473223a5b5d2c2263757272656e6379223a224a5059222c226a7572697364696374696f6e223a224a50222c226c616e6775616765223a22656e222c226368616e6e656c223a22656d61696c222c2269735f636f6e73756d6572223a66616c73652c22686f6c64735f64656c6976657279223a66616c73657d7d', 2, '2026-09-25 08:01:20+00', '\xd7553c3db76fc4cb521957730b3dc3e718eba885fd83447b74c98f912fe9778b');
INSERT INTO ledger.log VALUES ('customer:C1001', 3, 'customer.contact_set', '\x7b226f6e223a22323032362d30392d3235222c226163746f72223a2273616c6573222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a2033222c2276223a312c2264617461223a7b22656e63727970746564223a223744467376494237432d4a3959786a47646d387650612d4a6b746964727845697a55326339737839435a49304c444146657077494a547967706742766462347655665253673155356763696b4148536567595241474e7a4c645a4f516c6e54415f4278375336674167574d5877494e4551513d3d227d7d', 3, '2026-09-25 08:02:20+00', '\x57158626920d72b2dc960afec84893b39ab2c29dbf6326a2b6797cafe515182d');
INSERT INTO ledger.log VALUES ('customer:C1001', 4, 'customer.credit_limit_set', '\x7b226f6e223a22323032362d30392d3235222c226163746f72223a2273616c6573222c22726561736f6e223a226f70656e696e67222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a2034222c2276223a312c2264617461223a7b22616d6f756e745f6d696e6f72223a3630303030302c2263757272656e6379223a224a5059227d7d', 4, '2026-09-25 08:03:00+00', '\x6d80dc3f79c1bdfe9bc1313d4937d9e8d45db30c2c1f95aed62c5f204a85b61c');
INSERT INTO ledger.log VALUES ('customer:C1001', 5, 'customer.collector_assigned', '\x7b226f6e223a22323032362d30392d3235222c226163746f72223a2273616c6573222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a2035222c2276223a312c2264617461223a7b22636f6c6c6563746f72223a22616d697261227d7d', 5, '2026-09-25 08:03:40+00', '\x6c5bd96562555640b7e2d4a92ab4c1a4b7abd6f1288992269a3e20cb70c1ee10');
INSERT INTO ledger.log VALUES ('customer:C1002', 1, 'customer.registered', '\x7b226f6e223a22323032362d30392d3235222c226163746f72223a2273616c6573222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a2036222c2276223a312c2264617461223a7b22637573746f6d6572223a224331303032222c22636f756e747279223a225553227d7d', 6, '2026-09-25 08:04:20+00', '\x01c0ab1c712eb6de25cfe04f7037f5b2b07f6a7580bbb4a129bc129333927c66');
INSERT INTO ledger.log VALUES ('customer:C1002', 2, 'customer.terms_agreed', '\x7b226f6e223a22323032362d30392d3235222c226163746f72223a2273616c6573222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a2037222c2276223a312c2264617461223a7b227363686564756c65223a5b7b2264617973223a33302c2262617369735f706f696e7473223a31303030307d5d2c22646973636f756e7473223a5b5d2c2263757272656e6379223a22555344222c226a7572697364696374696f6e223a225553222c226c616e6775616765223a22656e222c226368616e6e656c223a22656d61696c222c2269735f636f6e73756d6572223a66616c73652c22686f6c64735f64656c6976657279223a66616c73657d7d', 7, '2026-09-25 08:05:00+00', '\x05cebd146dde9b106394977cc99086d3fcc411b5dd0b76780a00e2b18dbabd75');
INSERT INTO ledger.log VALUES ('customer:C1002', 3, 'customer.contact_set', '\x7b226f6e223a22323032362d30392d3235222c226163746f72223a2273616c6573222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a2038222c2276223a312c2264617461223a7b22656e63727970746564223a226e5f473661735a6b56785a736e55324a563454695047336933764434787a4e3759337145584f6f6f765f416e6d785867364b5076697a386d657235595f32494e477a51644e4c4c3966573863505864553764664b41503079756f666250557275374463647274303d227d7d', 8, '2026-09-25 08:06:00+00', '\x24d023d77cef38f5e3094d8d09f95cac5511e506b1c4c25a45115422b9983ee1');
INSERT INTO ledger.log VALUES ('customer:C1002', 4, 'customer.credit_limit_set', '\x7b226f6e223a22323032362d30392d3235222c226163746f72223a2273616c6573222c22726561736f6e223a226f70656e696e67222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a2039222c2276223a312c2264617461223a7b22616d6f756e745f6d696e6f72223a343030303030302c2263757272656e6379223a22555344227d7d', 9, '2026-09-25 08:06:40+00', '\xb1281f05812900dea867c8465362eb6a28cf74ef7c48a63652adb113d232f020');
INSERT INTO ledger.log VALUES ('customer:C1002', 5, 'customer.collector_assigned', '\x7b226f6e223a22323032362d30392d3235222c226163746f72223a2273616c6573222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203130222c2276223a312c2264617461223a7b22636f6c6c6563746f72223a22626173227d7d', 10, '2026-09-25 08:07:20+00', '\x05c4d54c07f7e1bc01de03ec77e097bde7aff36d17315ba100b4296aad900619');
INSERT INTO ledger.log VALUES ('customer:C1003', 1, 'customer.registered', '\x7b226f6e223a22323032362d30392d3235222c226163746f72223a2273616c6573222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203131222c2276223a312c2264617461223a7b22637573746f6d6572223a224331303033222c22636f756e747279223a225553227d7d', 11, '2026-09-25 08:08:00+00', '\x219b405102ace5b90542dc20f5759aeeab3677ee7deb53dfa85d72e6bf51766f');
INSERT INTO ledger.log VALUES ('customer:C1003', 2, 'customer.terms_agreed', '\x7b226f6e223a22323032362d30392d3235222c226163746f72223a2273616c6573222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203132222c2276223a312c2264617461223a7b227363686564756c65223a5b7b2264617973223a31342c2262617369735f706f696e7473223a31303030307d5d2c22646973636f756e7473223a5b5d2c2263757272656e6379223a22555344222c226a7572697364696374696f6e223a225553222c226c616e6775616765223a22656e222c226368616e6e656c223a22656d61696c222c2269735f636f6e73756d6572223a66616c73652c22686f6c64735f64656c6976657279223a66616c73657d7d', 12, '2026-09-25 08:08:40+00', '\xbb7344d9c7e281eca190158da94ed6e4a0f48482f62335ea5c96e3f9ede4289c');
INSERT INTO ledger.log VALUES ('customer:C1003', 3, 'customer.contact_set', '\x7b226f6e223a22323032362d30392d3235222c226163746f72223a2273616c6573222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203133222c2276223a312c2264617461223a7b22656e63727970746564223a22305f326b56653641637a6d7335687664476f4270634e466f7a4f4133794c76427972444c3649776437436531756c4d4a536d31736e49446d584c57497258694c796251395132466e317977454e43365263534352304f554e616d45394b54784e32644e483873513d227d7d', 13, '2026-09-25 08:09:40+00', '\x7a11c6d98e667576b48c2abb37ee3c76b7b3fe25407033802738fc4cc4a6d97a');
INSERT INTO ledger.log VALUES ('customer:C1003', 4, 'customer.credit_limit_set', '\x7b226f6e223a22323032362d30392d3235222c226163746f72223a2273616c6573222c22726561736f6e223a226f70656e696e67222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203134222c2276223a312c2264617461223a7b22616d6f756e745f6d696e6f72223a3132303030302c2263757272656e6379223a22555344227d7d', 14, '2026-09-25 08:10:20+00', '\x4c1b3eaab5164f0d22f576bc8cae5f5482c725842341d917152a0056a14abc0a');
INSERT INTO ledger.log VALUES ('customer:C1003', 5, 'customer.collector_assigned', '\x7b226f6e223a22323032362d30392d3235222c226163746f72223a2273616c6573222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203135222c2276223a312c2264617461223a7b22636f6c6c6563746f72223a226368696469227d7d', 15, '2026-09-25 08:11:00+00', '\x0f87a162b614bde67460591b310f07ae1ddeec2c56e5524ddec2880dd2c3b0da');
INSERT INTO ledger.log VALUES ('customer:C1004', 1, 'customer.registered', '\x7b226f6e223a22323032362d30392d3235222c226163746f72223a2273616c6573222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203136222c2276223a312c2264617461223a7b22637573746f6d6572223a224331303034222c22636f756e747279223a224742227d7d', 16, '2026-09-25 08:11:40+00', '\xb28c4d5ab40c051cee834c58ecef6417281affb4b5f686757630067bd5581203');
INSERT INTO ledger.log VALUES ('customer:C1004', 2, 'customer.terms_agreed', '\x7b226f6e223a22323032362d30392d3235222c226163746f72223a2273616c6573222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203137222c2276223a312c2264617461223a7b227363686564756c65223a5b7b2264617973223a36302c2262617369735f706f696e7473223a31303030307d5d2c22646973636f756e7473223a5b5d2c2263757272656e6379223a22474250222c226a7572697364696374696f6e223a224742222c226c616e6775616765223a22656e222c226368616e6e656c223a22656d61696c222c2269735f636f6e73756d6572223a66616c73652c22686f6c64735f64656c6976657279223a66616c73657d7d', 17, '2026-09-25 08:12:20+00', '\x55db88ac379805db097a2fbfc81dc3b65ffb6f62b17b9c50af30ec5e0fb4964b');
INSERT INTO ledger.log VALUES ('customer:C1004', 3, 'customer.contact_set', '\x7b226f6e223a22323032362d30392d3235222c226163746f72223a2273616c6573222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203138222c2276223a312c2264617461223a7b22656e63727970746564223a22557638417754684262685a345a58374b664872644e565f665471335071316b6a6a5248496e4a685f69467273356266566c354378314b41454b4961734d374d485a2d554769344e38365139685a664d37707975356f4a4b486b495251514d6d49487a744b554e6b5845673552227d7d', 18, '2026-09-25 08:13:20+00', '\x75b5dc22ad6f78013954b633cb32794530977df5fe1721255f4f17767262a167');
INSERT INTO ledger.log VALUES ('customer:C1004', 4, 'customer.credit_limit_set', '\x7b226f6e223a22323032362d30392d3235222c226163746f72223a2273616c6573222c22726561736f6e223a226f70656e696e67222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203139222c2276223a312c2264617461223a7b22616d6f756e745f6d696e6f72223a313630303030302c2263757272656e6379223a22474250227d7d', 19, '2026-09-25 08:14:00+00', '\x00036e05998af3fa558025ad63c92184422dde311b216c8f0404e62a081b2039');
INSERT INTO ledger.log VALUES ('customer:C1004', 5, 'customer.collector_assigned', '\x7b226f6e223a22323032362d30392d3235222c226163746f72223a2273616c6573222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203230222c2276223a312c2264617461223a7b22636f6c6c6563746f72223a22616d697261227d7d', 20, '2026-09-25 08:14:40+00', '\x0bd9370bd053f959b7063e1d2ca6748f3a90e6322a520bac6c1469adb6725c69');
INSERT INTO ledger.log VALUES ('customer:C1005', 1, 'customer.registered', '\x7b226f6e223a22323032362d30392d3235222c226163746f72223a2273616c6573222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203231222c2276223a312c2264617461223a7b22637573746f6d6572223a224331303035222c22636f756e747279223a224742227d7d', 21, '2026-09-25 08:15:20+00', '\xe77ce8fc79a4d943d35d31835bf007ec89fc34e2441c6f66f4c11bbd2afa14d8');
INSERT INTO ledger.log VALUES ('customer:C1005', 2, 'customer.terms_agreed', '\x7b226f6e223a22323032362d30392d3235222c226163746f72223a2273616c6573222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203232222c2276223a312c2264617461223a7b227363686564756c65223a5b7b2264617973223a33302c2262617369735f706f696e7473223a31303030307d5d2c22646973636f756e7473223a5b7b2264617973223a31302c2262617369735f706f696e7473223a3230307d5d2c2263757272656e6379223a22474250222c226a7572697364696374696f6e223a224742222c226c616e6775616765223a22656e222c226368616e6e656c223a22656d61696c222c2269735f636f6e73756d6572223a66616c73652c22686f6c64735f64656c6976657279223a66616c73657d7d', 22, '2026-09-25 08:16:00+00', '\x26493921a82c1191a29e440e7c84d6812feb5f8ae1beafb8ff4655ec0056af19');
INSERT INTO ledger.log VALUES ('customer:C1005', 3, 'customer.contact_set', '\x7b226f6e223a22323032362d30392d3235222c226163746f72223a2273616c6573222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203233222c2276223a312c2264617461223a7b22656e63727970746564223a224f6e56317a6848764c3430317758773365564d3946556d4b656558574949485437536c57316a55476b6c50434f6c665f55345436474e58436549364d6437366161575a54556971736d4e54744f355f3143764e303562313177734b457459436a7165714a227d7d', 23, '2026-09-25 08:17:00+00', '\x79c1bf8e4e5d6198786b5297a77b7931b28a1f2384571f53848faaf371280776');
INSERT INTO ledger.log VALUES ('customer:C1005', 4, 'customer.credit_limit_set', '\x7b226f6e223a22323032362d30392d3235222c226163746f72223a2273616c6573222c22726561736f6e223a226f70656e696e67222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203234222c2276223a312c2264617461223a7b22616d6f756e745f6d696e6f72223a313530303030302c2263757272656e6379223a22474250227d7d', 24, '2026-09-25 08:17:40+00', '\x7d70752896da19b7fe841a7f2cc394dd15e98f060c01b9aaa5d4e1127c7c91e5');
INSERT INTO ledger.log VALUES ('customer:C1005', 5, 'customer.collector_assigned', '\x7b226f6e223a22323032362d30392d3235222c226163746f72223a2273616c6573222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203235222c2276223a312c2264617461223a7b22636f6c6c6563746f72223a22626173227d7d', 25, '2026-09-25 08:18:20+00', '\x151a85d4c4d081403243ab0aa6221f0620addbb15d4495c312fc550829950037');
INSERT INTO ledger.log VALUES ('customer:C1006', 1, 'customer.registered', '\x7b226f6e223a22323032362d30392d3235222c226163746f72223a2273616c6573222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203236222c2276223a312c2264617461223a7b22637573746f6d6572223a224331303036222c22636f756e747279223a224e4f227d7d', 26, '2026-09-25 08:19:00+00', '\x09944684d9a42ef777ee4b3d724e5c577026961d036c97e8a4387f3322ec1440');
INSERT INTO ledger.log VALUES ('customer:C1006', 2, 'customer.terms_agreed', '\x7b226f6e223a22323032362d30392d3235222c226163746f72223a2273616c6573222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203237222c2276223a312c2264617461223a7b227363686564756c65223a5b7b2264617973223a302c2262617369735f706f696e7473223a333030307d2c7b2264617973223a33302c2262617369735f706f696e7473223a333030307d2c7b2264617973223a36302c2262617369735f706f696e7473223a343030307d5d2c22646973636f756e7473223a5b5d2c2263757272656e6379223a224e4f4b222c226a7572697364696374696f6e223a224e4f222c226c616e6775616765223a22656e222c226368616e6e656c223a22656d61696c222c2269735f636f6e73756d6572223a66616c73652c22686f6c64735f64656c6976657279223a66616c73657d7d', 27, '2026-09-25 08:19:40+00', '\xb52c6ee352c5cbf8c2b14682ea7081b971e59dc381da7ecacbb98e959a22b3e6');
INSERT INTO ledger.log VALUES ('customer:C1006', 3, 'customer.contact_set', '\x7b226f6e223a22323032362d30392d3235222c226163746f72223a2273616c6573222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203238222c2276223a312c2264617461223a7b22656e63727970746564223a222d306c30396842556a4d414b5f656851794d5a7473585a4c516d6659487357445776786a726c6a4579496f4877417639554e746756312d77306b52594c57675854737a6454786143485746474c5a774749756b444f33796558365772724b6d38333438564c57593d227d7d', 28, '2026-09-25 08:20:40+00', '\x1348a8e9dfd0522d3c8656f319d7f7600c9713af2061c9c03fb5b6bff3f280b0');
INSERT INTO ledger.log VALUES ('customer:C1006', 4, 'customer.credit_limit_set', '\x7b226f6e223a22323032362d30392d3235222c226163746f72223a2273616c6573222c22726561736f6e223a226f70656e696e67222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203239222c2276223a312c2264617461223a7b22616d6f756e745f6d696e6f72223a3330303030302c2263757272656e6379223a224e4f4b227d7d', 29, '2026-09-25 08:21:20+00', '\xc8bb38ed310ac3a7b024f9029e492802cce215f9ca8af30bbfa79a949d22a6f3');
INSERT INTO ledger.log VALUES ('customer:C1006', 5, 'customer.collector_assigned', '\x7b226f6e223a22323032362d30392d3235222c226163746f72223a2273616c6573222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203330222c2276223a312c2264617461223a7b22636f6c6c6563746f72223a226368696469227d7d', 30, '2026-09-25 08:22:00+00', '\xff669f7439fddd051a9890e898e9e9496746a63c596c760f316d13226cbee38e');
INSERT INTO ledger.log VALUES ('invoice:main:R-00005', 1, 'invoice.issued', '\x7b226f6e223a22323032362d30392d3236222c226163746f72223a2264656d6f222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203331222c2276223a312c2264617461223a7b226e756d626572223a22522d3030303035222c22656e74697479223a226d61696e222c22637573746f6d6572223a224331303033222c2263757272656e6379223a22555344222c22746f74616c5f6d696e6f72223a32383830352c227461785f6d696e6f72223a302c226973737565645f6f6e223a22323032362d30392d3236222c22696e7374616c6d656e7473223a5b7b226475655f6f6e223a22323032362d31302d3130222c226d696e6f72223a32383830357d5d2c22646973636f756e7473223a5b5d7d7d', 31, '2026-09-26 08:00:40+00', '\xa3c1541b7d871d8094b4fbf2fd5d64cd877123a50505cccff4267a69279b4bcc');
INSERT INTO ledger.log VALUES ('invoice:main:R-00007', 1, 'invoice.issued', '\x7b226f6e223a22323032362d30392d3239222c226163746f72223a2264656d6f222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203332222c2276223a312c2264617461223a7b226e756d626572223a22522d3030303037222c22656e74697479223a226d61696e222c22637573746f6d6572223a224331303034222c2263757272656e6379223a22474250222c22746f74616c5f6d696e6f72223a3731323031352c227461785f6d696e6f72223a302c226973737565645f6f6e223a22323032362d30392d3239222c22696e7374616c6d656e7473223a5b7b226475655f6f6e223a22323032362d31312d3238222c226d696e6f72223a3731323031357d5d2c22646973636f756e7473223a5b5d7d7d', 32, '2026-09-29 08:00:40+00', '\x4e9ff0e1484ce47790783f933323f44aa9f4656e86a912f2895297386a596533');
INSERT INTO ledger.log VALUES ('invoice:main:R-00001', 1, 'invoice.issued', '\x7b226f6e223a22323032362d31302d3031222c226163746f72223a2264656d6f222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203333222c2276223a312c2264617461223a7b226e756d626572223a22522d3030303031222c22656e74697479223a226d61696e222c22637573746f6d6572223a224331303031222c2263757272656e6379223a224a5059222c22746f74616c5f6d696e6f72223a37333531312c227461785f6d696e6f72223a302c226973737565645f6f6e223a22323032362d31302d3031222c22696e7374616c6d656e7473223a5b7b226475655f6f6e223a22323032362d31302d3331222c226d696e6f72223a37333531317d5d2c22646973636f756e7473223a5b5d7d7d', 33, '2026-10-01 08:00:40+00', '\x40116d34418589cbea8c017c5562e6586142dbd4afe684344f96d864ec030a04');
INSERT INTO ledger.log VALUES ('invoice:main:R-00003', 1, 'invoice.issued', '\x7b226f6e223a22323032362d31302d3038222c226163746f72223a2264656d6f222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203334222c2276223a312c2264617461223a7b226e756d626572223a22522d3030303033222c22656e74697479223a226d61696e222c22637573746f6d6572223a224331303032222c2263757272656e6379223a22555344222c22746f74616c5f6d696e6f72223a3232303037322c227461785f6d696e6f72223a302c226973737565645f6f6e223a22323032362d31302d3038222c22696e7374616c6d656e7473223a5b7b226475655f6f6e223a22323032362d31312d3037222c226d696e6f72223a3232303037327d5d2c22646973636f756e7473223a5b5d7d7d', 34, '2026-10-08 08:00:40+00', '\x77bf230056590c2c2408838e9f96093200c2e0d90a774fd3ce6ef10067ab46ee');
INSERT INTO ledger.log VALUES ('invoice:main:R-00011', 1, 'invoice.issued', '\x7b226f6e223a22323032362d31302d3038222c226163746f72223a2264656d6f222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203335222c2276223a312c2264617461223a7b226e756d626572223a22522d3030303131222c22656e74697479223a226d61696e222c22637573746f6d6572223a224331303036222c2263757272656e6379223a224e4f4b222c22746f74616c5f6d696e6f72223a33363035392c227461785f6d696e6f72223a302c226973737565645f6f6e223a22323032362d31302d3038222c22696e7374616c6d656e7473223a5b7b226475655f6f6e223a22323032362d31302d3038222c226d696e6f72223a31303831387d2c7b226475655f6f6e223a22323032362d31312d3037222c226d696e6f72223a31303831387d2c7b226475655f6f6e223a22323032362d31322d3037222c226d696e6f72223a31343432337d5d2c22646973636f756e7473223a5b5d7d7d', 35, '2026-10-08 08:01:20+00', '\x37fe4880b6b19f2b4df90fa2a61d0b252f271e801ea00627a534bb3c7ca23a64');
INSERT INTO ledger.log VALUES ('invoice:main:R-00005', 2, 'invoice.reminded', '\x7b226f6e223a22323032362d31302d3133222c226163746f72223a226368696469222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203336222c2276223a312c2264617461223a7b2273746570223a22667269656e646c792072656d696e646572222c226368616e6e656c223a22656d61696c222c22646f63756d656e74223a2233626264383963613432393466386137393136373561633339666162613836356436313766656639633635383637626565373732623664303063323630323262227d7d', 36, '2026-10-13 08:00:40+00', '\xcc68f1e265a28d24e79d5318e035b2d8d1ae32b9574af007277e78ea45a7b2bd');
INSERT INTO ledger.log VALUES ('invoice:main:R-00009', 1, 'invoice.issued', '\x7b226f6e223a22323032362d31302d3133222c226163746f72223a2264656d6f222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203337222c2276223a312c2264617461223a7b226e756d626572223a22522d3030303039222c22656e74697479223a226d61696e222c22637573746f6d6572223a224331303035222c2263757272656e6379223a22474250222c22746f74616c5f6d696e6f72223a3133323034372c227461785f6d696e6f72223a302c226973737565645f6f6e223a22323032362d31302d3133222c22696e7374616c6d656e7473223a5b7b226475655f6f6e223a22323032362d31312d3132222c226d696e6f72223a3133323034377d5d2c22646973636f756e7473223a5b7b22756e74696c5f6f6e223a22323032362d31302d3233222c226d696e6f72223a323634317d5d7d7d', 37, '2026-10-13 08:01:20+00', '\xb4679d8c4824cb88dd8944af080f136590138a5a328b4f856046635a3099799f');
INSERT INTO ledger.log VALUES ('invoice:main:R-00005', 3, 'invoice.reminded', '\x7b226f6e223a22323032362d31302d3230222c226163746f72223a226368696469222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203338222c2276223a312c2264617461223a7b2273746570223a227365636f6e642072656d696e646572222c226368616e6e656c223a22656d61696c222c22646f63756d656e74223a2238306264363764663066373935363164346138373239623836356330643531633732353665343534323637633738343664663531363938343365313335346639227d7d', 38, '2026-10-20 08:00:40+00', '\xc57021c6b09a3c4bf8f542f37ce238ffe8612ce15fc67f4fdb84a910baed2668');
INSERT INTO ledger.log VALUES ('invoice:main:R-00005', 4, 'invoice.called', '\x7b226f6e223a22323032362d31302d3237222c226163746f72223a226368696469222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203339222c2276223a312c2264617461223a7b2273706f6b655f77697468223a22726563657074696f6e222c226f7574636f6d65223a226e6f742072656163686564222c22726561736f6e5f676976656e223a226f74686572222c226e6578745f73746570223a22227d7d', 39, '2026-10-27 08:00:40+00', '\x7a9af2972c0668476062db2a5c383f7ab49c85257aa2274150e9cb72817de199');
INSERT INTO ledger.log VALUES ('receipt:R-00001 instalment 1', 1, 'receipt.received', '\x7b226f6e223a22323032362d31302d3238222c226163746f72223a2262616e6b222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203430222c2276223a312c2264617461223a7b2272656365697074223a22522d303030303120696e7374616c6d656e742031222c22656e74697479223a226d61696e222c2263757272656e6379223a224a5059222c22616d6f756e745f6d696e6f72223a37333531312c2276616c75655f6f6e223a22323032362d31302d3238222c22637573746f6d6572223a224331303031222c227265666572656e636573223a5b22522d3030303031225d7d7d', 40, '2026-10-28 08:00:40+00', '\xe00f76042060ad4c19d10d366f75c1135c9cf12b73e151e094a3f1c075696c58');
INSERT INTO ledger.log VALUES ('receipt:R-00001 instalment 1', 2, 'receipt.allocated', '\x7b226f6e223a22323032362d31302d3238222c226163746f72223a2262616e6b222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203430222c2276223a312c2264617461223a7b22616c6c6f636174696f6e223a312c22696e766f696365223a22696e766f6963653a6d61696e3a522d3030303031222c22616d6f756e745f6d696e6f72223a37333531317d7d', 41, '2026-10-28 08:00:40+00', '\xd265b7342ca300eeaaf6e75f9042e395a945c375ed57afcf350b89cb068446ad');
INSERT INTO ledger.log VALUES ('invoice:main:R-00001', 2, 'invoice.paid', '\x7b226f6e223a22323032362d31302d3238222c226163746f72223a2262616e6b222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203430222c2276223a312c2264617461223a7b2272656365697074223a22522d303030303120696e7374616c6d656e742031222c22616c6c6f636174696f6e223a312c22616d6f756e745f6d696e6f72223a37333531312c227061727473223a5b7b226974656d223a312c226d696e6f72223a37333531317d5d2c22636f6d6d697373696f6e5f6d696e6f72223a307d7d', 42, '2026-10-28 08:00:40+00', '\x332c92f9dd83448a309092235a55fa2ff87f1dae766f50f011ca5ba8480201bb');
INSERT INTO ledger.log VALUES ('invoice:main:R-00006', 1, 'invoice.issued', '\x7b226f6e223a22323032362d31302d3331222c226163746f72223a2264656d6f222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203431222c2276223a312c2264617461223a7b226e756d626572223a22522d3030303036222c22656e74697479223a226d61696e222c22637573746f6d6572223a224331303033222c2263757272656e6379223a22555344222c22746f74616c5f6d696e6f72223a32323233372c227461785f6d696e6f72223a302c226973737565645f6f6e223a22323032362d31302d3331222c22696e7374616c6d656e7473223a5b7b226475655f6f6e223a22323032362d31312d3134222c226d696e6f72223a32323233377d5d2c22646973636f756e7473223a5b5d7d7d', 43, '2026-10-31 08:00:40+00', '\xb1dc02f70c042681474dd5113b697e2986b7eed3a8f9cce0b54e063286d59163');
INSERT INTO ledger.log VALUES ('invoice:main:R-00002', 1, 'invoice.issued', '\x7b226f6e223a22323032362d31312d3031222c226163746f72223a2264656d6f222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203432222c2276223a312c2264617461223a7b226e756d626572223a22522d3030303032222c22656e74697479223a226d61696e222c22637573746f6d6572223a224331303031222c2263757272656e6379223a224a5059222c22746f74616c5f6d696e6f72223a38353533302c227461785f6d696e6f72223a302c226973737565645f6f6e223a22323032362d31312d3031222c22696e7374616c6d656e7473223a5b7b226475655f6f6e223a22323032362d31322d3031222c226d696e6f72223a38353533307d5d2c22646973636f756e7473223a5b5d7d7d', 44, '2026-11-01 08:00:40+00', '\x4f8e9c26e08264d5374ba3b29ae5d5ba9dd2c7193523cedf6eb756f24a7b1ea7');
INSERT INTO ledger.log VALUES ('invoice:main:R-00008', 1, 'invoice.issued', '\x7b226f6e223a22323032362d31312d3033222c226163746f72223a2264656d6f222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203433222c2276223a312c2264617461223a7b226e756d626572223a22522d3030303038222c22656e74697479223a226d61696e222c22637573746f6d6572223a224331303034222c2263757272656e6379223a22474250222c22746f74616c5f6d696e6f72223a3334343031332c227461785f6d696e6f72223a302c226973737565645f6f6e223a22323032362d31312d3033222c22696e7374616c6d656e7473223a5b7b226475655f6f6e223a22323032372d30312d3032222c226d696e6f72223a3334343031337d5d2c22646973636f756e7473223a5b5d7d7d', 45, '2026-11-03 08:00:40+00', '\x4a4395033c8b9ca54e8602e90912e2e9f1a981f9c18bb3db4114ab1454608aae');
INSERT INTO ledger.log VALUES ('invoice:main:R-00003', 2, 'invoice.credit_note_applied', '\x7b226f6e223a22323032362d31312d3037222c226163746f72223a22626173222c22726561736f6e223a22676f6f64732072657475726e6564222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203434222c2276223a312c2264617461223a7b226372656469745f6e6f7465223a22434e2d522d3030303033222c22616d6f756e745f6d696e6f72223a363630322c227461785f6d696e6f72223a302c227061727473223a5b7b226974656d223a312c226d696e6f72223a363630327d5d7d7d', 46, '2026-11-07 08:00:40+00', '\xf03d100537e07427cbc66becce3855ed7eef9c9a161f57b1255403b1543013cf');
INSERT INTO ledger.log VALUES ('invoice:main:R-00005', 5, 'invoice.bureau_warned', '\x7b226f6e223a22323032362d31312d3037222c226163746f72223a226368696469222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203435222c2276223a312c2264617461223a7b22627572656175223a22437265646974696e666f222c226368616e6e656c223a226c6574746572222c22646f63756d656e74223a2235363937346261336362333663336331343931373333306539303330303732313764323033346339666333643964636366366665366336383537656233336561227d7d', 47, '2026-11-07 08:01:20+00', '\x99e764b96c5236cc723dbf2c7c3c381cf54d585c915b136fd85f214a91ed777a');
INSERT INTO ledger.log VALUES ('invoice:main:R-00012', 1, 'invoice.issued', '\x7b226f6e223a22323032362d31312d3039222c226163746f72223a2264656d6f222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203436222c2276223a312c2264617461223a7b226e756d626572223a22522d3030303132222c22656e74697479223a226d61696e222c22637573746f6d6572223a224331303036222c2263757272656e6379223a224e4f4b222c22746f74616c5f6d696e6f72223a33393633382c227461785f6d696e6f72223a302c226973737565645f6f6e223a22323032362d31312d3039222c22696e7374616c6d656e7473223a5b7b226475655f6f6e223a22323032362d31312d3039222c226d696e6f72223a31313839327d2c7b226475655f6f6e223a22323032362d31322d3039222c226d696e6f72223a31313839317d2c7b226475655f6f6e223a22323032372d30312d3038222c226d696e6f72223a31353835357d5d2c22646973636f756e7473223a5b5d7d7d', 48, '2026-11-09 08:00:40+00', '\xab8bc69afd3e02e14a891909e4aa9551f7a26cc8080a7b01f0fbd16f9b36dd1a');
INSERT INTO ledger.log VALUES ('invoice:main:R-00003', 3, 'invoice.reminded', '\x7b226f6e223a22323032362d31312d3130222c226163746f72223a22626173222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203437222c2276223a312c2264617461223a7b2273746570223a22667269656e646c792072656d696e646572222c226368616e6e656c223a22656d61696c222c22646f63756d656e74223a2236666265663663356537396230623265386337386366373536346131333238656634366462653034346266633938383862336432663336373830653166346338227d7d', 49, '2026-11-10 08:00:40+00', '\xee6eb03aecdc7ab8715e212ad25258bbb526c6494e0b92f92ea7c85259a0e3b8');
INSERT INTO ledger.log VALUES ('receipt:R-00003 payment', 1, 'receipt.received', '\x7b226f6e223a22323032362d31312d3132222c226163746f72223a2262616e6b222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203438222c2276223a312c2264617461223a7b2272656365697074223a22522d3030303033207061796d656e74222c22656e74697479223a226d61696e222c2263757272656e6379223a22555344222c22616d6f756e745f6d696e6f72223a3231333437302c2276616c75655f6f6e223a22323032362d31312d3132222c22637573746f6d6572223a224331303032222c227265666572656e636573223a5b22522d3030303033225d7d7d', 50, '2026-11-12 08:00:40+00', '\xf494f9844bd4e1a3428e1cdc4ae1eabbbc74889742d49e37b7316d7dd85a7e38');
INSERT INTO ledger.log VALUES ('receipt:R-00003 payment', 2, 'receipt.allocated', '\x7b226f6e223a22323032362d31312d3132222c226163746f72223a2262616e6b222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203438222c2276223a312c2264617461223a7b22616c6c6f636174696f6e223a312c22696e766f696365223a22696e766f6963653a6d61696e3a522d3030303033222c22616d6f756e745f6d696e6f72223a3231333437307d7d', 51, '2026-11-12 08:00:40+00', '\x5dedcb52e3076473d467cfd3e5e97d670f37e895bef40a4f877e37bce91e10af');
INSERT INTO ledger.log VALUES ('invoice:main:R-00003', 4, 'invoice.paid', '\x7b226f6e223a22323032362d31312d3132222c226163746f72223a2262616e6b222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203438222c2276223a312c2264617461223a7b2272656365697074223a22522d3030303033207061796d656e74222c22616c6c6f636174696f6e223a312c22616d6f756e745f6d696e6f72223a3231333437302c227061727473223a5b7b226974656d223a312c226d696e6f72223a3231333437307d5d2c22636f6d6d697373696f6e5f6d696e6f72223a307d7d', 52, '2026-11-12 08:00:40+00', '\x2986345873865ae93d6ad1306ec5b85b797718a79cc14e387ec4b33119339778');
INSERT INTO ledger.log VALUES ('invoice:main:R-00009', 2, 'invoice.disputed', '\x7b226f6e223a22323032362d31312d3134222c226163746f72223a22626173222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203439222c2276223a312c2264617461223a7b2264697370757465223a312c22726561736f6e5f636f6465223a227175616c697479222c22616d6f756e745f6d696e6f72223a3133323034372c227061727473223a5b7b226974656d223a312c226d696e6f72223a3133323034377d5d2c22636f6d6d656e74223a22227d7d', 53, '2026-11-14 08:00:40+00', '\x6d051faf3f04818a6b2edf345080a7ddc8f60e064b399e30b4cc08d23a8fa38a');
INSERT INTO ledger.log VALUES ('invoice:main:R-00004', 1, 'invoice.issued', '\x7b226f6e223a22323032362d31312d3135222c226163746f72223a2264656d6f222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203530222c2276223a312c2264617461223a7b226e756d626572223a22522d3030303034222c22656e74697479223a226d61696e222c22637573746f6d6572223a224331303032222c2263757272656e6379223a22555344222c22746f74616c5f6d696e6f72223a3232303037332c227461785f6d696e6f72223a302c226973737565645f6f6e223a22323032362d31312d3135222c22696e7374616c6d656e7473223a5b7b226475655f6f6e223a22323032362d31322d3135222c226d696e6f72223a3232303037337d5d2c22646973636f756e7473223a5b5d7d7d', 54, '2026-11-15 08:00:40+00', '\x5e8ddd72f66bbff37b6d3093c8631e6e83a3651f426352b63403cc1113d487d3');
INSERT INTO ledger.log VALUES ('invoice:main:R-00006', 2, 'invoice.reminded', '\x7b226f6e223a22323032362d31312d3137222c226163746f72223a226368696469222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203531222c2276223a312c2264617461223a7b2273746570223a22667269656e646c792072656d696e646572222c226368616e6e656c223a22656d61696c222c22646f63756d656e74223a2233333235383030343836303339346439383937333965646264326134623263326364613737363362383233363361643863633464663766373139323331376163227d7d', 55, '2026-11-17 08:00:40+00', '\x9ecedc2d7d6a19f5552eb6cca899c501f5a17c85bb03d30144e256a15c5f9990');
INSERT INTO ledger.log VALUES ('invoice:main:R-00010', 1, 'invoice.issued', '\x7b226f6e223a22323032362d31312d3139222c226163746f72223a2264656d6f222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203532222c2276223a312c2264617461223a7b226e756d626572223a22522d3030303130222c22656e74697479223a226d61696e222c22637573746f6d6572223a224331303035222c2263757272656e6379223a22474250222c22746f74616c5f6d696e6f72223a3133383036332c227461785f6d696e6f72223a302c226973737565645f6f6e223a22323032362d31312d3139222c22696e7374616c6d656e7473223a5b7b226475655f6f6e223a22323032362d31322d3139222c226d696e6f72223a3133383036337d5d2c22646973636f756e7473223a5b7b22756e74696c5f6f6e223a22323032362d31312d3239222c226d696e6f72223a323736317d5d7d7d', 56, '2026-11-19 08:00:40+00', '\x3083ba6461946fbe7015cf31694fa3d37ebe949334be69d1a26df7491af6d4db');
INSERT INTO ledger.log VALUES ('invoice:main:R-00006', 3, 'invoice.reminded', '\x7b226f6e223a22323032362d31312d3234222c226163746f72223a226368696469222c22636f6d6d616e64223a2264656d6f202d2d736565642037202d2d637573746f6d6572732036202d2d6d6f6e74687320323a203533222c2276223a312c2264617461223a7b2273746570223a227365636f6e642072656d696e646572222c226368616e6e656c223a22656d61696c222c22646f63756d656e74223a2237626435616363643032363531333238666233373337643530653336643563333935653338656630616537623338393230303734633435656237623031663731227d7d', 57, '2026-11-24 08:00:40+00', '\xe9d5dc85b5619f2a3853e3004c01803cdcf81bd4941f6d1d94afc582caf1297a');
INSERT INTO ledger.log VALUES ('customer:erased', 1, 'customer.registered', '\x7b226f6e223a22323032362d31312d3235222c226163746f72223a2264656d6f222c22636f6d6d616e64223a2236623532393233382d356532622d346463312d393966642d333666373361316330656435222c2276223a312c2264617461223a7b22637573746f6d6572223a22657261736564227d7d', 58, '2026-11-25 10:42:29.121139+00', '\x9c264305849f67be7981c1354abbf27fcce1fa07b66acdc2223d833577a29de7');
INSERT INTO ledger.log VALUES ('customer:erased', 2, 'customer.contact_set', '\x7b226f6e223a22323032362d31312d3235222c226163746f72223a2264656d6f222c22636f6d6d616e64223a2235363235616666362d373734392d346161652d623536612d663232646634343066646263222c2276223a312c2264617461223a7b22656e63727970746564223a22326e7371515833544f76704a52394a584e744b58506b6165675f39595a482d56414e776564454d6447465931227d7d', 59, '2026-11-25 10:42:29.171614+00', '\x112ae0c73e509af30c77130675b20f56b936669f641143a7fbf68990d57c9ac2');
INSERT INTO ledger.log VALUES ('customer:erased', 3, 'customer.data_erased', '\x7b226f6e223a22323032362d31312d3235222c226163746f72223a2264656d6f222c22726561736f6e223a2261736b65642062792074686520706572736f6e222c22636f6d6d616e64223a2230633437376337612d356636352d346437642d626666332d366664373566373464656437222c2276223a312c2264617461223a7b7d7d', 60, '2026-11-25 10:42:29.224116+00', '\x7bf53f981989238da15a6d30b5b3db050cc771710e3c1b9578254fec4c9e6fea');


--
-- Data for Name: migrations; Type: TABLE DATA; Schema: ledger; Owner: -
--

INSERT INTO ledger.migrations VALUES (1, '0001_ledger', '8c00ade425c86899e4609d7060cdc9ff3e94a5dc1e4f7cd072d6303b6bbbc442', 1, '2026-11-25 10:42:28.392126+00');


--
-- Data for Name: parked; Type: TABLE DATA; Schema: ledger; Owner: -
--



--
-- Data for Name: personal_keys; Type: TABLE DATA; Schema: ledger; Owner: -
--

INSERT INTO ledger.personal_keys VALUES ('C1001', '\xb664a7e4bc529dac7c5a6be9fb8f29340f71746cc2942d1a696ff9920527d321a2802fb034ed8fad6c5284aef8f6615ba853e1768763444ead2617fb0cf31cba0a4c10c109960c7af05d649a789dc462', '2026-09-25 08:02:00+00', NULL);
INSERT INTO ledger.personal_keys VALUES ('C1002', '\x0338c361912361dfcdc51d61ed85a7586e483a68626e241e908648f1f5ca14a0704f493633708dd1a388630d58687a4b3cc183435ab278c8667eda3994e3a87b83b4ebbb1343fd2d8c1254336c17daf2', '2026-09-25 08:05:40+00', NULL);
INSERT INTO ledger.personal_keys VALUES ('C1003', '\x6e8ab32fdfe41c6460c90a7ed2f31210e24dd794a0bad35153f70ff5b56a5a1c1618404e0ca193ab419cfa57bb22e4aa71ff1bed3b2d54d7416043d2be0f01b048505aab23e1681785f00f94dec12f1d', '2026-09-25 08:09:20+00', NULL);
INSERT INTO ledger.personal_keys VALUES ('C1004', '\xbc27a0b73df5957809a8bbd39012737cd4b56a91ae9f32be0aa12d59a0ec61607891c53fe84b2f90319ee02096e0db11227cab72a2c9e18120edfb2b8d7d69af90704c78c8c2a804f5e7a816bed13f94', '2026-09-25 08:13:00+00', NULL);
INSERT INTO ledger.personal_keys VALUES ('C1005', '\x012944bc8d92b68c92f8a0847baca33ae085f941e5a19ca390966ac571677e3b8f195a8588c34d2f8039fea8ed03d664bd49bba15bf5f127928b17bf54d57d0b49ae665e53233595383f0a7106882eef', '2026-09-25 08:16:40+00', NULL);
INSERT INTO ledger.personal_keys VALUES ('C1006', '\xcdd3e47ad036de668b1b432c6300dd578bbfcad5dfb54cf66d2462f6e84c9c4b22066a979a43627463fc966a6aaa85320ddfee0e07179416faef738fe27a1b8fbe0146608a771da7d5e5122cba502bd0', '2026-09-25 08:20:20+00', NULL);
INSERT INTO ledger.personal_keys VALUES ('erased', NULL, '2026-11-25 10:42:29.16806+00', '2026-11-25 10:42:29.227408+00');


--
-- Data for Name: positions; Type: TABLE DATA; Schema: ledger; Owner: -
--

INSERT INTO ledger.positions VALUES ('open_items', 59, '2026-11-25 10:42:29.214082+00');
INSERT INTO ledger.positions VALUES ('credit_risk', 59, '2026-11-25 10:42:29.214082+00');
INSERT INTO ledger.positions VALUES ('audit', 59, '2026-11-25 10:42:29.214082+00');


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


