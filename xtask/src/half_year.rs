//! Half a year of a real shop, for the runs that need real documents.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use bookferry_simulator::SplitMix64;
use clap::Args;
use serde_json::Value;

use crate::chaos::company::Company;
use crate::chaos::installation::Installation;
use crate::chaos::server::Server;
use crate::test_run;
use crate::workspace::Workspace;

#[derive(Args)]
pub(crate) struct HalfYear {
    /// The first lines of the file only.
    #[arg(long, value_name = "N")]
    lines: Option<usize>,
    /// Decides everything that is drawn by lot.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// The data set, as `.csv.gz`.
    #[arg(long, value_name = "FILE", default_value = "../shared/data/online-retail/2010-12_to_2011-06.csv.gz")]
    data: PathBuf,
}

/// A company that has the documents, none of them released, and its server.
pub(crate) struct Shop<'a> {
    pub(crate) company: Company<'a>,
    /// What the import told: counts and sums.
    pub(crate) imported: Value,
    /// Ends with it.
    _server: Server,
}

const MAPPING: &str = "examples/online-retail.toml";

impl HalfYear {
    /// A database of its own. Its servers log to a file that is named for the run.
    pub(crate) fn install(&self, workspace: &Workspace, run: &str) -> Result<Installation> {
        let log = workspace.target().join(format!("{run}-server.log"));
        Installation::new(test_run::built_binary(workspace)?, None, log)
    }

    /// Adds a company with these options of `company add`, imports the documents and starts the server.
    pub(crate) fn open_shop<'a>(
        &self,
        workspace: &Workspace,
        installation: &'a Installation,
        options: &[&str],
    ) -> Result<Shop<'a>> {
        let data = workspace.root().join(&self.data);
        ensure!(data.exists(), "there is no {}; --data names the data set", data.display());
        let csv = installation.file("online-retail.csv");
        unpack(&data, &csv, self.lines)?;
        let added = installation.add_company_that(options)?;
        let imported = installation.import_csv(&added, &csv, &workspace.root().join(MAPPING))?;
        let company = Company::new(installation, &added, SplitMix64::new(self.seed));
        let server = company.start_server()?;
        Ok(Shop { company, imported, _server: server })
    }
}

/// Writes the first lines of a packed file out.
fn unpack(packed: &Path, csv: &Path, lines_max: Option<usize>) -> Result<()> {
    let mut gzip =
        Command::new("gzip").arg("-dc").arg(packed).stdout(Stdio::piped()).spawn().context("gzip is missing")?;
    let lines = BufReader::new(gzip.stdout.take().context("no output of gzip")?).lines();
    let mut file = File::create(csv)?;
    let mut text = String::new();
    for line in lines.take(lines_max.map_or(usize::MAX, |lines| lines.saturating_add(1))) {
        text.push_str(&line?);
        text.push('\n');
    }
    file.write_all(text.as_bytes())?;
    // Where only a part was wanted, gzip may have been left with the rest.
    gzip.kill().ok();
    gzip.wait()?;
    ensure!(fs::metadata(csv)?.len() > 0, "{} holds nothing", packed.display());
    Ok(())
}
