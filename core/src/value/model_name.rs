use crate::series::Series;

/// The name of a model. Every model that a relation can lead to implements it, selected or not.
pub trait ModelName: 'static {
    /// Tryton's technical name, like `sale.line`.
    const NAME: &'static str;

    /// The series of the server from whose snapshot the model was generated, if known. A client logs a message if the
    /// server is of another series.
    const SERIES: Option<Series> = None;
}
