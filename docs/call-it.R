# Asks a running service (make serve) what ten schools' notional SEN budgets are.
# Needs the packages httr2 and jsonlite (Debian: r-cran-httr2, r-cran-jsonlite). Usage: Rscript call-it.R [ADDRESS] [SCHOOLS.csv]

library(httr2)

given <- commandArgs(trailingOnly = TRUE)
address <- if (length(given) >= 1) given[1] else "http://127.0.0.1:8000"
path <- if (length(given) >= 2) given[2] else "fixtures/tables/northumberland_2015_16_schools.csv"

# Every cell stays text: a binary number cannot hold every penny, and a blank is not zero.
schools <- read.csv(path, colClasses = "character", check.names = FALSE, na.strings = "")

# One record a school, without the cells that are blank.
records <- lapply(seq_len(nrow(schools)), function(at) {
  row <- as.list(schools[at, ])
  row[!is.na(row)]
})

answer <- request(address) |>
  req_url_path_append("v1", "what-ifs", "notional-sen") |>
  req_body_json(list(rule_set = "northumberland-2015-16", schools = records)) |>
  # A refusal is worth reading: it names every problem.
  req_error(body = function(refused) {
    body <- resp_body_json(refused)
    each <- vapply(body$problems, function(one) paste(c(one$column, one$sentence), collapse = ": "), "")
    c(body$title, each)
  }) |>
  req_perform() |>
  resp_body_json()

# Pounds come as text; what is not known comes as NULL and stays NA.
text <- function(value) if (is.null(value)) NA_character_ else value
budgets <- data.frame(
  urn = vapply(answer$schools, function(one) one$urn, ""),
  notional_sen = vapply(answer$schools, function(one) text(one$notional_sen), ""),
  not_known = vapply(answer$schools, function(one) one$not_known, 0L)
)

cat(answer$rules$rule_set, "version", answer$rules$version, answer$rules$digest, "\n")
print(budgets)

# Whole pence are exact in R's numbers up to 90 billion pounds.
pence <- round(as.numeric(budgets$notional_sen) * 100)
cat("Total", sprintf("%.2f", sum(pence) / 100), "\n")
