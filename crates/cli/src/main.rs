mod import;

fn main() {}
