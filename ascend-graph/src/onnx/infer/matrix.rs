//! Products of matrices.

use super::elementwise::together;
use super::site::Site;
use super::{Dims, Outcome, conflict, shown};
use crate::{Text, Words, text};

const INNER: Words = Words(
    "the extents that are multiplied must agree: transpose one of the matrices, or correct the shape \
                     that an earlier Flatten, Reshape or pooling gives (often another size of picture than \
                     the network was made for)",
);

pub(super) fn gemm(site: &Site) -> Outcome {
    let (Some(a), Some(b)) = (site.dims(0), site.dims(1)) else {
        return Ok(Vec::new());
    };
    let (&[a0, a1], &[b0, b1]) = (a.as_slice(), b.as_slice()) else {
        return Err(conflict(
            text!(
                "Gemm multiplies matrices, and reads shapes {a} and {b}",
                a = shown(a),
                b = shown(b)
            ),
            text!("flatten its input to two dims, or use MatMul"),
        ));
    };
    let (rows, inner_a) = if site.int("transA").unwrap_or(0) == 0 {
        (a0, a1)
    } else {
        (a1, a0)
    };
    let (inner_b, columns) = if site.int("transB").unwrap_or(0) == 0 {
        (b0, b1)
    } else {
        (b1, b0)
    };
    if let (Some(of_a), Some(of_b)) = (inner_a, inner_b)
        && of_a != of_b
    {
        return Err(conflict(
            text!(
                "Gemm multiplies {of_a} columns with {of_b} rows (shapes {a} and {b})",
                of_a,
                of_b,
                a = shown(a),
                b = shown(b)
            ),
            INNER.into(),
        ));
    }
    let product = vec![rows, columns];
    if let Some(c) = site.dims(2).filter(|_| site.opset >= 7)
        && together(&product, c).is_none_or(|both| both.len() > 2 || stretches(&product, &both))
    {
        return Err(conflict(
            text!(
                "Gemm cannot add {c} to its product {product}",
                c = shown(c),
                product = shown(&product)
            ),
            text!("give the bias one number for each column of the product"),
        ));
    }
    Ok(vec![Some(product)])
}

/// Tells whether a known extent became another.
fn stretches(before: &[Option<usize>], after: &[Option<usize>]) -> bool {
    let mut pairs = before.iter().zip(after);
    pairs.any(|(before, after)| before.is_some() && after.is_some() && before != after)
}

pub(super) fn matmul(site: &Site) -> Outcome {
    let (Some(a), Some(b)) = (site.dims(0), site.dims(1)) else {
        return Ok(Vec::new());
    };
    let wrong = |what: Text| {
        Err(conflict(
            text!(
                "MatMul {what} (shapes {a} and {b})",
                what,
                a = shown(a),
                b = shown(b)
            ),
            INNER.into(),
        ))
    };
    let (Some(&inner_a), Some(&last_b)) = (a.last(), b.last()) else {
        return wrong(text!("multiplies a number without dims"));
    };
    let inner_b = if b.len() == 1 { last_b } else { b[b.len() - 2] };
    if let (Some(of_a), Some(of_b)) = (inner_a, inner_b)
        && of_a != of_b
    {
        return wrong(text!(
            "multiplies {of_a} columns with {of_b} rows",
            of_a,
            of_b
        ));
    }
    let outer = |dims: &Dims| dims[..dims.len().saturating_sub(2)].to_vec();
    let Some(mut product) = together(&outer(a), &outer(b)) else {
        return wrong(text!("cannot bring the dims before the last two together"));
    };
    if a.len() > 1 {
        product.push(a[a.len() - 2]);
    }
    if b.len() > 1 {
        product.push(last_b);
    }
    Ok(vec![Some(product)])
}
