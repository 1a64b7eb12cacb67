//! What programs that act on services do, row by row.

mod clouds;
mod clusters;
mod containers;
mod databases;
mod deploys;
mod forges;
