//! The names that Python code has bound, and what they were bound to before a function was called.

use std::collections::BTreeMap;

use super::super::Item;

/// The names that are bound.
#[derive(Default)]
pub(in crate::effects::code) struct Names {
    bound: BTreeMap<String, Item>,
    /// For every function that is being called: what the names that it binds were bound to when it began.
    before: Vec<BTreeMap<String, Option<Item>>>,
}

impl Names {
    pub(super) fn get(&self, name: &str) -> Option<&Item> {
        self.bound.get(name)
    }

    pub(super) fn values(&self) -> impl Iterator<Item = &Item> {
        self.bound.values()
    }

    pub(super) fn insert(&mut self, name: String, item: Item) {
        match self.before.last_mut() {
            None => {
                self.bound.insert(name, item);
            }
            Some(before) => {
                let old = self.bound.insert(name.clone(), item);
                before.entry(name).or_insert(old);
            }
        }
    }

    pub(super) fn remove(&mut self, name: &str) -> Option<Item> {
        let old = self.bound.remove(name)?;
        if let Some(before) = self.before.last_mut() {
            before.entry(name.to_owned()).or_insert_with(|| Some(old.clone()));
        }
        Some(old)
    }

    /// A function is called: what it binds ends with it.
    pub(super) fn begin(&mut self) {
        self.before.push(BTreeMap::new());
    }

    /// The function that began last is over.
    pub(super) fn end(&mut self) {
        for (name, item) in self.before.pop().into_iter().flatten() {
            match item {
                Some(item) => self.bound.insert(name, item),
                None => self.bound.remove(&name),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_function_binds_ends_with_it() {
        let mut names = Names::default();
        names.insert("a".to_owned(), Item::known("1"));
        names.begin();
        names.insert("a".to_owned(), Item::known("2"));
        names.begin();
        names.insert("a".to_owned(), Item::known("3"));
        names.insert("b".to_owned(), Item::known("4"));
        assert_eq!(names.remove("a"), Some(Item::known("3")));
        names.insert("a".to_owned(), Item::known("5"));
        names.end();
        assert_eq!(names.get("a"), Some(&Item::known("2")));
        assert_eq!(names.get("b"), None);
        names.end();
        assert_eq!(names.get("a"), Some(&Item::known("1")));
    }
}
