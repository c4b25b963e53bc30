//! Names that were likely meant.

/// Longer names are not compared: no real one is.
const LONGEST: usize = 64;

/// How many names are given.
const MOST: usize = 4;

/// Gives the candidates that `name` may be a slip of the pen of: those that it starts, or else the
/// nearest ones that differ in case or by a few letters.
#[must_use]
pub fn near<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Vec<&'c str> {
    if name.is_empty() || name.len() > LONGEST {
        return Vec::new();
    }
    let lower = name.to_ascii_lowercase();
    let tolerated = (name.chars().count() / 4).clamp(1, 3);
    let mut rated: Vec<(usize, &str)> = Vec::new();
    for candidate in candidates {
        let other = candidate.to_ascii_lowercase();
        let distance = if name.len() >= 4 && other.starts_with(&lower) {
            0
        } else {
            distance(&lower, &other)
        };
        if distance <= tolerated && candidate != name {
            rated.push((distance, candidate));
        }
    }
    rated.sort_unstable();
    rated.dedup();
    let least = rated.first().map_or(0, |&(distance, _)| distance);
    let nearest = rated.into_iter().filter(|&(distance, _)| distance == least);
    nearest.map(|(_, name)| name).take(MOST).collect()
}

/// Counts the letters to insert, drop, change or swap with the next.
fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().take(LONGEST * 2).collect();
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for (i, of_a) in a.iter().enumerate() {
        let above = &rows[i];
        let mut row = vec![i + 1];
        for (j, of_b) in b.iter().enumerate() {
            let changed = above[j] + usize::from(of_a != of_b);
            let mut least = changed.min(above[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *of_a == b[j - 1] && a[i - 1] == *of_b {
                least = least.min(rows[i - 1][j - 1] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_the_pen_are_recognised() {
        let known = [
            "Ascend910B1",
            "Ascend910B3",
            "Ascend310P3",
            "NPUGeglu",
            "Conv",
        ];
        for (name, expected) in [
            ("Ascend910B", &["Ascend910B1", "Ascend910B3"][..]),
            ("ascend310p3", &["Ascend310P3"]),
            ("310P3", &[]),
            ("NPUGeGlu", &["NPUGeglu"]),
            ("Convv", &["Conv"]),
            ("Cnov", &["Conv"]),
            ("Softmax", &[]),
            ("", &[]),
        ] {
            assert_eq!(near(name, known), expected, "{name}");
        }
        assert!(near(&"x".repeat(1 << 20), known).is_empty());
    }
}
