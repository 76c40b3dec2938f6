//! Types of the crate `chrono`.

use ::chrono::{Datelike as _, NaiveDate, NaiveDateTime, NaiveTime, Timelike as _, Utc};
use serde::de::{Deserializer, Error as _};
use serde_json::Value;

use super::stands_for;
use crate::model::NeverNull;
use crate::projection::Reads;
use crate::query::Operand;
use crate::value::{Date, DateTime, Decode, Encode, Time};

stands_for!(NaiveDate, Date, to_date, from_date);
stands_for!(NaiveTime, Time, to_time, from_time);
stands_for!(NaiveDateTime, DateTime, to_date_time, from_date_time);
stands_for!(::chrono::DateTime<Utc>, DateTime, |time| to_date_time(time).map(|time| time.and_utc()), |time| {
    from_date_time(&time.naive_utc())
});

fn to_date(date: Date) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(date.year().into(), date.month().try_into().ok()?, date.day().try_into().ok()?)
}

fn from_date(date: &NaiveDate) -> Option<Date> {
    Date::new(date.year().try_into().ok()?, date.month().try_into().ok()?, date.day().try_into().ok()?).ok()
}

fn to_time(time: Time) -> Option<NaiveTime> {
    let [hour, minute, second] = [time.hour(), time.minute(), time.second()].map(|part| u32::try_from(part).ok());
    NaiveTime::from_hms_nano_opt(hour?, minute?, second?, time.subsec_nanosecond().try_into().ok()?)
}

/// A leap second, of which chrono counts more than 1,000,000,000 nanoseconds, is none of Tryton's.
fn from_time(time: &NaiveTime) -> Option<Time> {
    let [hour, minute, second] = [time.hour(), time.minute(), time.second()].map(|part| i8::try_from(part).ok());
    Time::new(hour?, minute?, second?, time.nanosecond().try_into().ok()?).ok()
}

fn to_date_time(time: DateTime) -> Option<NaiveDateTime> {
    Some(to_date(time.date())?.and_time(to_time(time.time())?))
}

fn from_date_time(time: &NaiveDateTime) -> Option<DateTime> {
    Some(DateTime::from_parts(from_date(&time.date())?, from_time(&time.time())?))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_come_back() {
        let date = NaiveDate::from_ymd_opt(2026, 2, 28).expect("a date");
        let time = NaiveTime::from_hms_micro_opt(23, 59, 58, 7).expect("a time");
        let [sent_date, sent_time] = [date.encode(), time.encode()].map(|value| value.expect("it can be sent"));
        assert_eq!(sent_date, json!({"__class__": "date", "year": 2026, "month": 2, "day": 28}));
        assert_eq!(NaiveDate::decode(sent_date).expect("a date"), date);
        assert_eq!(NaiveTime::decode(sent_time).expect("a time"), time);
        let both = date.and_time(time);
        let sent = both.and_utc().encode().expect("it can be sent");
        assert_eq!(sent, both.encode().expect("it can be sent"));
        assert_eq!(::chrono::DateTime::<Utc>::decode(sent).expect("a time"), both.and_utc());
    }

    #[test]
    fn what_tryton_cannot_hold_is_not_sent() {
        let error = NaiveDate::MAX.encode().expect_err("no year of Tryton's");
        assert!(error.is_invalid_request() && error.to_string().contains("cannot hold"), "{error}");
        let leap = NaiveTime::from_hms_milli_opt(23, 59, 59, 1_500).expect("a leap second");
        assert!(leap.encode().is_err());
    }
}
