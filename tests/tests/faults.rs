//! What a real server cannot be made to do, done by a fake: each fault is told apart, and nothing is done twice.

use std::io::Write as _;
use std::time::Duration;

use flate2::{Compression, write::GzEncoder};
use serde_json::{Value, json};
use tokio::net::{TcpSocket, TcpStream};
use tryton_sdk::{
    Change, Changes, Client, ClientBuilder, Context, Error, Id, Mark, Projection, Records, Result, Session,
};
use tryton_sdk_tests::fake::{Answer, Fake};

mod erp {
    tryton_sdk::models! { schema = "schemas/8.2", models = ["party.party"] }
}
use erp::Party;

/// A server of the old layout that answers as told, and a client that has a session already.
async fn faulty(answers: impl IntoIterator<Item = Answer>) -> (Fake, Client) {
    faulty_with(answers, |builder| builder).await
}

/// The same with more settings of the client.
async fn faulty_with(
    answers: impl IntoIterator<Item = Answer>,
    set: impl FnOnce(ClientBuilder) -> ClientBuilder,
) -> (Fake, Client) {
    let fake = Fake::start([Answer::result(r#""7.0.1""#)].into_iter().chain(answers)).await;
    let session = Session::new("admin", 1, "0123456789abcdef");
    let builder = Client::builder(fake.url(), "erp").session(session);
    (fake, set(builder).build().expect("the settings are right"))
}

const READ: &str = "model.party.party.read";
const WRITE: &str = "model.party.party.write";

async fn call(tryton: &Client, method: &str) -> Result<Value> {
    tryton.call(method, ([1, 2, 3, 4], ["name"])).await
}

async fn failure(answers: impl IntoIterator<Item = Answer>) -> Error {
    let (_fake, tryton) = faulty(answers).await;
    call(&tryton, WRITE).await.expect_err("a fault")
}

#[tokio::test]
async fn a_request_has_the_form_that_tryton_wants() {
    let (fake, tryton) = faulty([Answer::result("[]")]).await;
    call(&tryton, READ).await.expect("an answer");
    let requests = fake.requests();
    let [version, read] = &requests[..] else { panic!("{requests:?}") };
    assert!(version.starts_with("POST / HTTP/1.1"), "{version}");
    assert!(!version.to_lowercase().contains("authorization"), "{version}");
    assert!(read.starts_with("POST /erp/ HTTP/1.1"), "{read}");
    let (head, body) = read.split_once("\r\n\r\n").expect("a head and a body");
    let head = head.to_lowercase();
    for line in ["accept: application/json", "content-type: application/json", "accept-encoding: gzip"] {
        assert!(head.lines().any(|found| found == line), "{head}");
    }
    let token = data_encoding::BASE64.encode(b"admin:1:0123456789abcdef");
    assert!(read.contains(&format!("Session {token}\r\n")), "{read}");
    let body: serde_json::Map<String, Value> = serde_json::from_str(body).expect("JSON");
    assert_eq!(body.keys().collect::<Vec<_>>(), ["id", "method", "params"], "exactly these three");
    assert!(uuid::Uuid::parse_str(body["id"].as_str().expect("text")).is_ok());
    assert_eq!(body["params"], json!([[1, 2, 3, 4], ["name"], {}]));
}

#[tokio::test]
async fn every_status_is_its_own_kind() {
    type Kind = fn(&Error) -> bool;
    let kinds: [(u16, Kind); 12] = [
        (400, Error::is_refused),
        (403, Error::is_forbidden),
        (404, Error::is_unknown_method),
        (405, Error::is_refused),
        (413, Error::is_too_large),
        (415, Error::is_refused),
        (422, Error::is_unprocessable),
        (429, Error::is_rate_limited),
        (500, Error::is_internal),
        (501, Error::is_not_enabled),
        (503, Error::is_unavailable),
        (504, Error::is_server_timeout),
    ];
    for (status, kind) in kinds {
        let error = failure([Answer::status(status)]).await;
        assert!(kind(&error) && error.http_status() == Some(status), "{status}: {error}");
        assert!(error.to_string().starts_with("model.party.party.write on records (1, 2, 3, …): "), "{error}");
        let others = kinds.iter().filter(|(_, other)| other(&error)).count();
        assert!(others == 1 || matches!(status, 400 | 405 | 415), "{status} is several kinds");
    }
}

#[tokio::test]
async fn every_error_in_a_body_is_its_own_kind() {
    let user = failure([Answer::error(r#"["UserError",["No.","Because.",["[]",{"name":{"type":"char"}}]]]"#)]).await;
    assert!(user.is_user_error() && user.user_message() == Some("No."), "{user}");
    assert!(user.to_string().ends_with("the server refused: No. (Because.)"), "{user}");
    let warning = failure([Answer::error(r#"["UserWarning",["w_1","Sure?",""]]"#)]).await;
    assert_eq!(warning.warning().map(|warning| (&*warning.name, &*warning.message)), Some(("w_1", "Sure?")));
    let login = failure([Answer::error(r#"["LoginException",["sms_code","Your code?","char"]]"#)]).await;
    let challenge = login.login_challenge().expect("a challenge");
    assert_eq!((&*challenge.parameter, challenge.hidden), ("sms_code", false));
    let concurrency = failure([Answer::error(r#"["ConcurrencyException","Records have been modified"]"#)]).await;
    assert!(concurrency.is_concurrency(), "{concurrency}");
    assert_eq!(concurrency.user_message(), Some("Records have been modified"));
    let exception = failure([Answer::error(r#"["'sale.nope'","Traceback\n…"]"#)]).await;
    assert!(exception.is_server_exception() && exception.traceback() == Some("Traceback\n…"), "{exception}");
    for strange in ["null", "[]", "[1,2]", r#"{"code":1}"#, r#"["UserError","text"]"#, r#""text""#] {
        let error = failure([Answer::error(strange)]).await;
        assert!(error.is_server_exception(), "{strange}: {error}");
    }
}

/// By name, and by the type of its model.
#[tokio::test]
async fn a_method_that_is_declared_to_read_is_sent_again() {
    const METHOD: &str = "model.party.party.get_score";
    let ids = [[Id::<Party>::new(7)]];
    let score = async |tryton: &Client| tryton.call::<i64>(METHOD, ids).await;
    let typed = async |tryton: &Client| Party::call::<i64>(tryton, "get_score", ids).await;
    for fault in [Answer::Hangup, Answer::status(503)] {
        let (fake, tryton) = faulty([fault.clone(), Answer::result("1")]).await;
        assert!(score(&tryton).await.expect_err("a fault").is_outcome_unknown());
        assert!(fake.requests().len() == 2, "the version and the call");

        let answers = [fault.clone(), Answer::result("1"), fault, Answer::result("2")];
        let (fake, tryton) = faulty_with(answers, |builder| builder.reading([METHOD])).await;
        assert_eq!(score(&tryton).await.expect("the second answer"), 1);
        assert_eq!(typed(&tryton.with(Context::new().language("fr"))).await.expect("the fourth answer"), 2);
        assert_eq!(fake.requests().len(), 5);
        assert!(call(&tryton, WRITE).await.is_ok(), "others are writes as before");
    }
}

#[tokio::test]
async fn only_a_method_that_is_declared_to_read_is_answered_from_the_cache() {
    const METHOD: &str = "model.party.party.get_score";
    let minute = Duration::from_secs(60);
    let answers = || [Answer::result("1"), Answer::result("2")];
    let (fake, tryton) = faulty(answers()).await;
    let error = tryton.cached_call::<i64>(METHOD, [[7]], minute).await.expect_err("it may write");
    assert!(error.is_invalid_request() && fake.requests().is_empty(), "{error}");

    let (_fake, tryton) = faulty_with(answers(), |builder| builder.reading([METHOD])).await;
    for (params, expected) in [(7, 1), (7, 1), (8, 2), (7, 1)] {
        assert_eq!(tryton.cached_call::<i64>(METHOD, [[params]], minute).await.expect("a score"), expected);
    }
}

#[tokio::test]
async fn a_write_is_sent_once_and_a_read_again() {
    for fault in [Answer::Hangup, Answer::status(502), Answer::status(503)] {
        let (fake, tryton) = faulty([fault.clone(), Answer::result("[]")]).await;
        let error = call(&tryton, WRITE).await.expect_err("a fault");
        assert!(error.is_outcome_unknown() && !error.is_retryable(), "{error}");
        assert!(error.to_string().ends_with("nobody knows whether the write happened"), "{error}");
        assert_eq!(fake.requests().len(), 2, "the version and one try: {fault:?}");

        let (fake, tryton) = faulty([fault.clone(), Answer::result("[]")]).await;
        call(&tryton, READ).await.unwrap_or_else(|e| panic!("{fault:?}: {e}"));
        assert_eq!(fake.requests().len(), 3, "the version and two tries: {fault:?}");
    }
    let (fake, tryton) = faulty([Answer::Hangup]).await;
    assert!(call(&tryton, READ).await.expect_err("a fault").is_interrupted());
    assert_eq!(fake.requests().len(), 4, "the version, one try and two more");
}

#[tokio::test]
async fn what_became_of_a_write_is_told_truly() {
    // The question for the version fails: the write has not been sent.
    for answer in [Answer::status(503), Answer::Hangup] {
        let fake = Fake::start([answer]).await;
        let session = Session::new("admin", 1, "0123456789abcdef");
        let tryton = Client::builder(fake.url(), "erp").session(session).retries(0).build().expect("built");
        let error = call(&tryton, WRITE).await.expect_err("a fault");
        assert!(error.is_retryable() && !error.is_outcome_unknown(), "{error}");
    }
    // An answer has come, and nobody can read it.
    for body in [&br#"{"id":"1","result":[1"#[..], b"<html>", &[0x1f, 0x8b, 0]] {
        let error = failure([Answer::Http(200, body.to_vec(), "")]).await;
        assert!(error.is_not_tryton() && error.is_outcome_unknown(), "{error}");
    }
}

#[tokio::test]
async fn who_has_no_session_can_log_in_by_hand() {
    let fake = Fake::start([Answer::result(r#""7.0.1""#), Answer::result(r#"[7,"token"]"#)]).await;
    let tryton = Client::builder(fake.url(), "erp").build().expect("built");
    let parameters = json!({"password": "secret", "sms_code": "1234"});
    let (user, token): (i64, String) = tryton.call("common.db.login", ("admin", parameters)).await.expect("logged in");
    assert_eq!((user, &*token), (7, "token"));
    let other =
        Client::builder(fake.url(), "erp").credentials("alice", "secret").session(Session::new("bob", 7, token));
    assert!(other.build().expect_err("two users").is_configuration());
}

#[tokio::test]
async fn a_limit_of_time_ends_a_request() {
    let fake = Fake::start([Answer::result(r#""7.0.1""#), Answer::Silence(Duration::from_secs(60))]).await;
    let session = Session::new("admin", 1, "0123456789abcdef");
    let tryton = Client::builder(fake.url(), "erp").session(session).timeout(Duration::from_millis(300)).build();
    let error = call(&tryton.expect("built"), READ).await.expect_err("silence");
    assert!(error.is_timed_out(), "{error}");
    assert_eq!(fake.requests().len(), 2, "a time that was too short once is not spent again");
}

#[tokio::test]
async fn a_connection_that_did_not_come_about_is_tried_again_for_a_write_too() {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.bind("127.0.0.1:0".parse().expect("an address")).expect("a free port");
    let url = format!("http://{}", socket.local_addr().expect("a bound address"));
    let session = Session::new("admin", 1, "0123456789abcdef");
    let once = Client::builder(&url, "erp").session(session.clone()).retries(0).build().expect("built");
    let error = call(&once, WRITE).await.expect_err("nobody listens");
    assert!(error.is_unreachable() && error.is_retryable() && !error.is_outcome_unknown(), "{error}");

    let tryton = Client::builder(&url, "erp").session(session).retries(10).build().expect("built");
    let write = tokio::spawn(async move { call(&tryton, WRITE).await });
    tokio::time::sleep(Duration::from_millis(50)).await;
    let fake = Fake::on(socket.listen(8).expect("listening"), [Answer::result(r#""7.0.1""#), Answer::result("true")]);
    write.await.expect("no panic").expect("written");
    assert_eq!(fake.requests().len(), 2, "the version and the write");
}

#[tokio::test]
async fn a_host_that_does_not_answer_is_told_from_a_server_that_is_slow() {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.bind("127.0.0.1:0".parse().expect("an address")).expect("a free port");
    let listener = socket.listen(0).expect("listening");
    let address = listener.local_addr().expect("a bound address");
    // Nobody takes these, and there is room for no other.
    let mut waiting = Vec::new();
    while let Ok(Ok(connection)) = tokio::time::timeout(Duration::from_millis(200), TcpStream::connect(address)).await {
        waiting.push(connection);
    }
    let session = Session::new("admin", 1, "0123456789abcdef");
    let builder = Client::builder(&format!("http://{address}"), "erp").session(session).retries(0);
    let tryton = builder.connect_timeout(Duration::from_millis(200)).build().expect("built");
    let error = call(&tryton, WRITE).await.expect_err("nobody answers");
    assert!(error.is_unreachable() && !error.is_outcome_unknown(), "{error}");
    assert!(error.to_string().contains("no connection within 200ms"), "{error}");
}

#[tokio::test]
async fn an_answer_is_refused_once_it_is_too_long() {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(&vec![b' '; 4 << 20]).expect("writing to memory");
    let bomb = gzip.finish().expect("writing to memory");
    assert!(bomb.len() < 1 << 20);
    for body in [bomb, vec![b' '; (1 << 20) + 1]] {
        let answers = [Answer::result(r#""7.0.1""#), Answer::Http(200, body, "")];
        let fake = Fake::start(answers).await;
        let builder = Client::builder(fake.url(), "erp").session(Session::new("admin", 1, "0123456789abcdef"));
        let tryton = builder.answer_limit(1 << 20).build().expect("built");
        let error = call(&tryton, WRITE).await.expect_err("too long");
        assert!(error.is_answer_too_long() && error.is_outcome_unknown() && !error.is_not_tryton(), "{error}");
        assert!(error.to_string().contains("longer than 1048576 bytes"), "{error}");
        assert!(call(&tryton, READ).await.expect_err("too long").is_answer_too_long());
        assert_eq!(fake.requests().len(), 3, "the version, and each call once");
    }
}

#[tokio::test]
async fn compression_is_known_by_its_bytes_alone() {
    let plain = br#"{"id":"1","result":[{"id":1,"name":"plain"}]}"#.to_vec();
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(&plain).expect("writing to memory");
    let packed = gzip.finish().expect("writing to memory");
    // What trytond 8 says, a plain body behind it, and the other way round.
    for (body, headers) in
        [(&plain, "Content-Encoding: gzip\r\n"), (&packed, "Content-Encoding: gzip\r\n"), (&packed, "")]
    {
        let (_fake, tryton) = faulty([Answer::Http(200, body.clone(), headers)]).await;
        assert_eq!(call(&tryton, READ).await.expect("an answer")[0]["name"], "plain");
    }
}

#[tokio::test]
async fn numbers_that_are_no_json_are_read() {
    let (_fake, tryton) = faulty([Answer::result("[NaN,Infinity,-Infinity,1.5]")]).await;
    let raw: Vec<Value> = tryton.call(READ, ()).await.expect("an answer");
    let float = |word| json!({"__class__": "float", "float": word});
    assert_eq!(raw, [float("NaN"), float("Infinity"), float("-Infinity"), json!(1.5)]);
}

#[tokio::test]
async fn a_field_that_was_asked_for_and_is_missing_is_named() {
    #[derive(Projection, Debug)]
    #[tryton(model = Party)]
    #[expect(dead_code, reason = "it is never read successfully")]
    struct Name {
        name: Option<String>,
        code: Option<String>,
        active: bool,
    }
    let answers = [
        (r#"[{"id":7,"name":"A","active":1}]"#, "record 7: the field `code` is missing"),
        (r#"[{"id":7,"name":"A","code":5,"active":1}]"#, "`code` of record 7: invalid type: integer `5`"),
        (r#"[{"active":2,"code":"c","name":"A","id":7}]"#, "`active` of record 7: invalid value: integer `2`"),
        (r#"[{"id":7},5]"#, "record 7: the field `name` is missing"),
        (r#"{"id":7}"#, "the answer: invalid type: map, expected a list of records"),
        ("true", "the answer: invalid type: boolean `true`, expected a list of records"),
    ];
    for (result, expected) in answers {
        let (_fake, tryton) = faulty([Answer::result(result)]).await;
        let error = Party::search().fetch::<Name>(&tryton).await.expect_err(result);
        assert!(error.is_decode() && error.to_string().contains(expected), "{error}");
    }
    let long = format!(r#"[{{"id":7,"name":"A","code":"c","active":"{}"}}]"#, "x".repeat(10_000));
    let (_fake, tryton) = faulty([Answer::result(&long)]).await;
    let error = Party::search().fetch::<Name>(&tryton).await.expect_err("a text");
    assert!(error.to_string().len() < 400, "a long value is shortened: {error}");
}

#[tokio::test]
async fn members_that_share_a_relation_and_an_optional_id_are_read() {
    #[derive(Projection, Debug, PartialEq)]
    #[tryton(model = Party)]
    struct Names {
        id: Option<Id<Party>>,
        #[tryton(path = "replaced_by.name")]
        name: Option<String>,
        #[tryton(path = "replaced_by.code")]
        code: Option<String>,
        #[tryton(path = "replaced_by.id")]
        replaced_by: Option<Id<Party>>,
    }
    let answer = r#"[{"id":7,"replaced_by.":{"name":"B","code":null,"id":9}},{"replaced_by.":null,"id":8}]"#;
    let (_fake, tryton) = faulty([Answer::result(answer)]).await;
    let read: Vec<Names> = Party::search().fetch(&tryton).await.expect("an answer");
    let first = Names { id: Some(Id::new(7)), name: Some("B".into()), code: None, replaced_by: Some(Id::new(9)) };
    assert_eq!(read, [first, Names { id: Some(Id::new(8)), name: None, code: None, replaced_by: None }]);

    let (_fake, tryton) = faulty([Answer::result(r#"[{"id":7,"replaced_by.":{"name":"B","code":5,"id":9}}]"#)]).await;
    let error = Party::search().fetch::<Names>(&tryton).await.expect_err("a number");
    assert!(error.to_string().contains("`replaced_by.code`: invalid type: integer `5`"), "{error}");
}

#[tokio::test]
async fn what_is_not_tryton_is_recognised() {
    let version = Answer::result(r#""7.0.1""#);
    for answers in [
        vec![Answer::status(200)],
        vec![Answer::status(404)],
        vec![Answer::status(501)],
        vec![Answer::status(405), Answer::status(404)],
        vec![Answer::status(405), Answer::status(405)],
        vec![Answer::result("{}")],
        vec![Answer::result(r#""nginx""#)],
        vec![version.clone(), Answer::status(200)],
        vec![version.clone(), Answer::Http(200, Vec::new(), "")],
        vec![version.clone(), Answer::Http(200, b"{\"id\":1,\"result\":[1".to_vec(), "")],
        vec![version, Answer::Http(200, vec![0x1f, 0x8b, 0, 1], "")],
    ] {
        let fake = Fake::start(answers.clone()).await;
        let session = Session::new("admin", 1, "0123456789abcdef");
        let tryton = Client::builder(fake.url(), "erp").session(session).build().expect("built");
        let error = call(&tryton, READ).await.expect_err("no Tryton");
        assert!(error.is_not_tryton() && error.to_string().contains(fake.url()), "{answers:?}: {error}");
    }
}

#[tokio::test]
async fn each_answer_to_a_login_is_told_apart() {
    let login = async |answer: Answer| {
        let fake = Fake::start([Answer::status(405), Answer::result(r#""8.2""#), answer]).await;
        let tryton = Client::builder(fake.url(), "erp").credentials("admin", "secret").build().expect("built");
        let outcome = tryton.login().await;
        let requests = fake.requests();
        assert!(requests[2].starts_with("POST /erp/rpc/ HTTP/1.1"), "{}", requests[2]);
        assert_eq!(requests.len(), 3, "a login that failed is not tried again");
        outcome
    };
    for result in [r#"[7,"token"]"#, r#"[7,"token",null]"#, r#"[7,"token","http://bus",1]"#] {
        let session = login(Answer::result(result)).await.expect("logged in");
        assert_eq!((session.user_id(), session.token()), (7, "token"));
    }
    let failed = async |answer| login(answer).await.expect_err("refused");
    assert!(failed(Answer::status(401)).await.is_bad_credentials());
    assert!(failed(Answer::status(404)).await.is_unknown_database());
    assert!(failed(Answer::error(r#"["LoginException",["otp","Code?","password"]]"#)).await.is_login_challenge());
    for unknown in ["null", r#""s3cret""#, r#"["s3cret",7]"#, r#"{"token":"s3cret"}"#, r#"[7,["s3cret"]]"#] {
        let error = failed(Answer::result(unknown)).await;
        assert!(error.is_decode() && !error.to_string().contains("s3cret"), "{error}");
    }
}

#[tokio::test]
async fn a_server_that_sends_a_page_again_is_found_out() {
    let page = |ids: [i64; 2]| Answer::result(&json!(ids.map(|id| json!({"id": id, "name": "A"}))).to_string());
    let search = || Party::search().page_size(2);
    let columns = (Party::F.id, Party::F.name);

    let (fake, tryton) = faulty([page([1, 2])]).await;
    let mut stream = search().select(columns).stream(&tryton);
    for id in [1, 2] {
        assert_eq!(stream.next().await.expect("a row").expect("a row").0, Id::new(id));
    }
    let error = stream.next().await.expect("the page again").expect_err("ids that do not rise");
    assert_eq!(
        error.to_string(),
        "model.party.party.search_read: cannot read record 1: \
         the server sends records again that it has sent before"
    );
    assert!(error.is_decode() && stream.next().await.is_none(), "{error}");
    let requests = fake.requests();
    assert_eq!(requests.len(), 3, "the version and two pages");
    assert!(requests[1].contains(r#"[[],0,2,[["id","ASC"]],["id","name"],{}]"#), "{}", requests[1]);
    assert!(requests[2].contains(r#"[[["id",">",2]],0,2,[["id","ASC"]],["id","name"],{}]"#), "{}", requests[2]);

    let (fake, tryton) = faulty([page([2, 1])]).await;
    let mut stream = search().order(Party::F.id.desc()).select(columns).stream(&tryton);
    let error = loop {
        match stream.next().await.expect("the page over and over") {
            Ok(_) => {}
            Err(error) => break error,
        }
    };
    assert!(error.is_decode() && error.record_id() == Some(2), "{error}");
    assert_eq!(fake.requests().len(), 3, "the version and two pages");
}

/// A page of changed parties, each with the hours when it was created and written.
fn dated(parties: &[(i64, Value, u8, Option<u8>)]) -> Answer {
    let date = |hour| json!({"__class__": "datetime", "year": 2026, "month": 2, "day": 28, "hour": hour, "minute": 0, "second": 0, "microsecond": 7});
    let rows = parties.iter().map(|(id, name, created, written)| {
        json!({"id": id, "name": name, "create_date": date(*created), "write_date": written.map(date)})
    });
    Answer::result(&Value::from_iter(rows).to_string())
}

async fn next(changes: &mut Changes<Option<String>>) -> Result<Change<Option<String>>> {
    changes.next().await.expect("a change")
}

/// However far it gets: what was committed meanwhile may be older than what comes last.
#[tokio::test]
async fn marks_of_a_long_reading_stay_behind_its_beginning() {
    let answers = [
        dated(&[(1, json!("a"), 10, None)]),
        dated(&[]),
        dated(&[(3, json!(null), 12, None)]),
        dated(&[(2, json!(null), 1, Some(11))]),
        dated(&[(4, json!("b"), 15, None)]),
        dated(&[]),
    ];
    let (fake, tryton) = faulty(answers).await;
    let search = Party::search().page_size(1).select(Party::F.name);
    let mut changes = search.changed_since(&tryton, Mark::default()).overlap(Duration::from_secs(3_600));
    let first = next(&mut changes).await.expect("the first");
    assert_eq!((first.record.as_deref(), first.mark.to_string()), (Some("a"), "2026-02-28T10:00:00.000007/1".into()));
    let second = next(&mut changes).await.expect("the second");
    // An hour before the newest date that was known then, and a little for the time that this took.
    assert!(second.mark.to_string().starts_with("2026-02-28T10:59:"), "{:?}", second.mark);
    assert!(second.at.hour() == 15 && changes.next().await.is_none());
    let asked = fake.requests();
    let newest =
        |date: &str| format!(r#"[[["{date}","!=",null]],0,1,[["{date}","DESC"]],["{date}"],{{"active_test":false}}]"#);
    assert!(asked[3].contains(&newest("create_date")) && asked[4].contains(&newest("write_date")), "{asked:?}");
    assert_eq!(asked.len(), 1 + 6);
}

#[tokio::test]
async fn a_change_that_cannot_be_read_and_a_page_that_is_too_large_hold_nothing_up() {
    let answers = [
        Answer::status(413),
        dated(&[(1, json!("a"), 10, None), (2, json!(false), 11, None)]),
        dated(&[(3, json!("c"), 1, Some(12))]),
        dated(&[(3, json!("c"), 1, Some(12))]),
        dated(&[(3, json!("c"), 1, Some(12))]),
        dated(&[]),
    ];
    let (fake, tryton) = faulty(answers).await;
    let mut changes = Party::search().page_size(4).select(Party::F.name).changed_since(&tryton, Mark::default());
    assert_eq!(next(&mut changes).await.expect("the first").record.as_deref(), Some("a"));
    let error = next(&mut changes).await.expect_err("no text");
    assert!(error.is_decode() && error.record_id() == Some(2), "{error}");
    assert_eq!(next(&mut changes).await.expect("the third").record.as_deref(), Some("c"));
    assert!(changes.next().await.is_none() && changes.next().await.is_none());
    assert!(fake.requests()[2].contains(",0,2,[["), "half as many: {}", fake.requests()[2]);
}

#[tokio::test]
async fn a_server_that_sends_changes_out_of_their_order_is_found_out() {
    for second in [(2, json!("b"), 9, None), (1, json!("a"), 10, None)] {
        let (_fake, tryton) = faulty([dated(&[(1, json!("a"), 10, None), second])]).await;
        let mut changes = Party::search().select(Party::F.name).changed_since(&tryton, Mark::default());
        let error = next(&mut changes).await.expect_err("out of order");
        assert!(error.is_decode() && error.to_string().contains("not in the order of their dates"), "{error}");
        assert!(changes.next().await.is_none());
    }
}

#[tokio::test]
async fn a_write_is_known_not_to_have_been_sent_where_no_server_is_found() {
    for answers in [
        vec![Answer::status(403)],
        vec![Answer::status(404)],
        vec![Answer::status(429)],
        vec![Answer::status(500)],
        vec![Answer::status(200)],
        vec![Answer::result(r#""nginx""#)],
        vec![Answer::status(405), Answer::status(405)],
        vec![Answer::Http(200, vec![b' '; (1 << 20) + 1], "")],
    ] {
        let fake = Fake::start(answers.clone()).await;
        let session = Session::new("admin", 1, "0123456789abcdef");
        let builder = Client::builder(fake.url(), "erp").session(session).retries(0).answer_limit(1 << 20);
        let error = call(&builder.build().expect("built"), WRITE).await.expect_err("no server");
        assert!(!error.is_outcome_unknown(), "{answers:?}: {error}");
        assert_eq!(error.method(), Some("common.server.version"), "{answers:?}: {error}");
    }
}

#[tokio::test]
async fn the_question_for_the_version_is_repeated_where_it_came_too_early() {
    let too_many = Answer::Http(429, Vec::new(), "Retry-After: 0\r\n");
    let answers = [too_many.clone(), Answer::result(r#""7.0.1""#), Answer::result("true")];
    let fake = Fake::start(answers).await;
    let session = || Session::new("admin", 1, "0123456789abcdef");
    let tryton = Client::builder(fake.url(), "erp").session(session()).build().expect("built");
    call(&tryton, WRITE).await.expect("written");
    assert_eq!(fake.requests().len(), 3, "the version twice, and the write");

    let fake = Fake::start([too_many]).await;
    let tryton = Client::builder(fake.url(), "erp").session(session()).retries(1).build().expect("built");
    let error = call(&tryton, WRITE).await.expect_err("never let in");
    assert!(error.is_rate_limited() && error.is_retryable(), "{error}");
    assert!(error.to_string().ends_with("it was repeated as often as the client may"), "{error}");
    assert_eq!(fake.requests().len(), 2, "the version, twice");
}

#[tokio::test]
async fn all_who_wait_for_the_server_to_be_found_get_the_same_error() {
    let fake = Fake::start([Answer::status(503)]).await;
    let session = Session::new("admin", 1, "0123456789abcdef");
    let tryton = Client::builder(fake.url(), "erp").session(session).retries(0).build().expect("built");
    for requests in [1, 2] {
        for outcome in futures_util::future::join_all((0..50).map(|_| call(&tryton, READ))).await {
            assert!(outcome.expect_err("it is not there").is_unavailable());
        }
        assert_eq!(fake.requests().len(), requests, "once for all, and again for those who ask later");
    }
}

#[tokio::test]
async fn an_exception_during_a_login_is_about_the_database_only_before_7_0() {
    let exception = || Answer::error(r#"["Database 'erp.sqlite' doesn't exist!",""]"#);
    for (version, is_unknown) in [("6.0.76", true), ("7.0.1", false)] {
        let fake = Fake::start([Answer::result(&format!("\"{version}\"")), exception()]).await;
        let tryton = Client::builder(fake.url(), "erp").credentials("admin", "secret").build().expect("built");
        let error = tryton.login().await.expect_err("an exception");
        assert_eq!((error.is_unknown_database(), error.is_server_exception()), (is_unknown, !is_unknown), "{error}");
        assert!(error.to_string().contains("doesn't exist!"), "{error}");
    }
}

/// What becomes of four calls, each of which the application gives a second.
async fn four_calls(tryton: &Client, method: &str) -> Vec<bool> {
    let mut outcomes = Vec::new();
    for _ in 0..4 {
        let call = tryton.call::<Value>(method, (["name"],));
        let outcome = tokio::time::timeout(Duration::from_secs(1), call).await;
        outcomes.push(outcome.is_ok_and(|answer| answer.is_ok()));
    }
    outcomes
}

#[tokio::test]
async fn an_answer_that_never_comes_holds_up_only_those_who_wait_for_it() {
    const FIELDS: &str = "model.party.party.fields_get";
    let version = || Answer::result(r#""7.0.1""#);
    let session = || Answer::result(r#"[1,"token"]"#);
    let never = || Answer::Silence(Duration::from_secs(600));
    let asked = || Answer::error(r#"["LoginException",["otp","Code?","password"]]"#);
    for (what, answers) in [
        ("the version", vec![never(), version(), session(), Answer::result("{}")]),
        ("the login", vec![version(), never(), session(), Answer::result("{}")]),
        ("a cacheable read", vec![version(), session(), never(), Answer::result("{}")]),
        ("a person who is asked", vec![version(), asked(), session(), Answer::result("{}")]),
    ] {
        let fake = Fake::start(answers).await;
        let builder = Client::builder(fake.url(), "erp").credentials("admin", "secret");
        let tryton = builder.on_login_challenge(|_| std::future::pending()).build().expect("built");
        assert_eq!(four_calls(&tryton, FIELDS).await, [false, true, true, true], "{what}");
        assert_eq!(fake.requests().len(), 6, "{what}: the one that hung is asked for once more");
    }
}

#[tokio::test]
async fn finding_the_server_and_logging_in_end_by_themselves() {
    for answers in [vec![], vec![Answer::result(r#""7.0.1""#)]] {
        let answers = answers.into_iter().chain([Answer::Silence(Duration::from_secs(600))]);
        let fake = Fake::start(answers).await;
        let builder = Client::builder(fake.url(), "erp").credentials("admin", "secret");
        let tryton = builder.login_timeout(Duration::from_millis(300)).build().expect("built");
        let error = call(&tryton, WRITE).await.expect_err("silence");
        assert!(error.is_timed_out() && !error.is_outcome_unknown(), "{error}");
        assert!(error.to_string().contains("within 300ms (`login_timeout`, TRYTON_LOGIN_TIMEOUT)"), "{error}");
    }
}
