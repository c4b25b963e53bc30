//! What is known of `atc`, CANN's compiler of models.

pub mod codes;
