//! Types of the crate `time`.

use ::time::{OffsetDateTime, PrimitiveDateTime, UtcOffset};
use serde::de::{Deserializer, Error as _};
use serde_json::Value;

use super::stands_for;
use crate::model::NeverNull;
use crate::projection::Reads;
use crate::query::Operand;
use crate::value::{Date, DateTime, Decode, Encode, Time};

stands_for!(::time::Date, Date, to_date, |date| from_date(*date));
stands_for!(::time::Time, Time, to_time, |time| from_time(*time));
stands_for!(PrimitiveDateTime, DateTime, to_date_time, |time| from_date_time(*time));
stands_for!(OffsetDateTime, DateTime, |time| to_date_time(time).map(PrimitiveDateTime::assume_utc), |time| {
    let time = time.to_offset(UtcOffset::UTC);
    from_date_time(PrimitiveDateTime::new(time.date(), time.time()))
});

fn to_date(date: Date) -> Option<::time::Date> {
    let month = u8::try_from(date.month()).ok()?.try_into().ok()?;
    ::time::Date::from_calendar_date(date.year().into(), month, date.day().try_into().ok()?).ok()
}

fn from_date(date: ::time::Date) -> Option<Date> {
    let (year, month, day) = date.to_calendar_date();
    Date::new(year.try_into().ok()?, u8::from(month).try_into().ok()?, day.try_into().ok()?).ok()
}

fn to_time(time: Time) -> Option<::time::Time> {
    let [hour, minute, second] = [time.hour(), time.minute(), time.second()].map(|part| u8::try_from(part).ok());
    ::time::Time::from_hms_nano(hour?, minute?, second?, time.subsec_nanosecond().try_into().ok()?).ok()
}

fn from_time(time: ::time::Time) -> Option<Time> {
    let (hour, minute, second, nanosecond) = time.as_hms_nano();
    let [hour, minute, second] = [hour, minute, second].map(|part| i8::try_from(part).ok());
    Time::new(hour?, minute?, second?, nanosecond.try_into().ok()?).ok()
}

fn to_date_time(time: DateTime) -> Option<PrimitiveDateTime> {
    Some(PrimitiveDateTime::new(to_date(time.date())?, to_time(time.time())?))
}

fn from_date_time(time: PrimitiveDateTime) -> Option<DateTime> {
    Some(DateTime::from_parts(from_date(time.date())?, from_time(time.time())?))
}

#[cfg(test)]
mod tests {
    use ::time::Month;
    use serde_json::json;

    use super::*;

    #[test]
    fn values_come_back() {
        let date = ::time::Date::from_calendar_date(2026, Month::February, 28).expect("a date");
        let time = ::time::Time::from_hms_micro(23, 59, 58, 7).expect("a time");
        let [sent_date, sent_time] = [date.encode(), time.encode()].map(|value| value.expect("it can be sent"));
        assert_eq!(sent_date, json!({"__class__": "date", "year": 2026, "month": 2, "day": 28}));
        assert_eq!(::time::Date::decode(sent_date).expect("a date"), date);
        assert_eq!(::time::Time::decode(sent_time).expect("a time"), time);
        let both = PrimitiveDateTime::new(date, time);
        let elsewhere = both.assume_utc().to_offset(UtcOffset::from_hms(2, 0, 0).expect("an offset"));
        let sent = elsewhere.encode().expect("it can be sent");
        assert_eq!(sent, both.encode().expect("it can be sent"));
        assert_eq!(OffsetDateTime::decode(sent).expect("a time"), elsewhere);
    }

    #[test]
    fn what_tryton_cannot_hold_is_not_sent() {
        let error = ::time::Date::MIN.encode().expect_err("a year before 1");
        assert!(error.is_invalid_request(), "{error}");
    }
}
