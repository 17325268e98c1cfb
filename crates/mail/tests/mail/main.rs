//! Mails as their readers get them, and as SES does.

#[cfg(test)]
mod safety;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod sending;
#[cfg(test)]
mod table;
#[cfg(test)]
mod texts;
