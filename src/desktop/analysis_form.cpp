#include "analysis_form.hpp"

#include "background.hpp"
#include "format.hpp"
#include "theme.hpp"

#include "coxa/dicom/scan.hpp"

#include <QButtonGroup>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDir>
#include <QFileDialog>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QRegularExpressionValidator>

namespace coxa {

AnalysisForm::AnalysisForm(const QString& dicomFolder, const QString& casesFolder, QWidget* parent)
    : QDialog(parent),
      dicomFolder_(dicomFolder),
      casesFolder_(casesFolder),
      patient_(new QLabel(tr("Reading…"), this)),
      message_(new QLabel(this)),
      series_(new QComboBox(this)),
      sides_(new QButtonGroup(this)),
      name_(new QLineEdit(this)),
      place_(new QLabel(this)) {
  setWindowTitle(tr("Start the analysis"));
  setAttribute(Qt::WA_DeleteOnClose);
  setMinimumWidth(lineHeights(this, 26));
  setHeading(patient_);
  patient_->setTextFormat(Qt::PlainText);
  series_->setAccessibleName(tr("CT series"));
  series_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  name_->setAccessibleName(tr("Name of the case"));
  // A name becomes a folder's name: no separators.
  name_->setValidator(
      new QRegularExpressionValidator(QRegularExpression(QStringLiteral("[^/\\\\:*?\"<>|.]+")), this));
  message_->setWordWrap(true);
  setQuiet(message_);

  auto* form = new QFormLayout(this);
  form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
  form->addRow(tr("Patient"), patient_);
  form->addRow(tr("Se&ries"), series_);
  form->addRow(tr("Hip to plan"), sideRow());
  form->addRow(tr("&Name of the case"), name_);
  form->addRow(tr("Kept in"), placeRow());
  form->addRow(message_);
  auto* buttons = new QDialogButtonBox(this);
  start_ = buttons->addButton(tr("Start"), QDialogButtonBox::AcceptRole);
  start_->setProperty("primary", true);
  buttons->addButton(QDialogButtonBox::Cancel);
  form->addRow(buttons);

  connect(buttons, &QDialogButtonBox::accepted, this, &AnalysisForm::submit);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  connect(sides_, &QButtonGroup::idClicked, this, &AnalysisForm::updateStart);
  connect(name_, &QLineEdit::textChanged, this, &AnalysisForm::updateStart);
  updateStart();
  runInBackground(
      this,
      [path = std::filesystem::path(dicomFolder.toStdString()), job = job_] { return scanFolder(path, job); },
      [this](const Result<DicomIndex>& index) { showIndex(index); });
}

AnalysisForm::~AnalysisForm() {
  job_.cancel();
}

/// No side is chosen beforehand: it must be said by a person.
QWidget* AnalysisForm::sideRow() {
  auto* row = new QWidget(this);
  auto* layout = new QHBoxLayout(row);
  layout->setContentsMargins(0, 0, 0, 0);
  for (const Side side : {Side::Right, Side::Left}) {
    auto* button = new QRadioButton(sideText(side), row);
    button->setAccessibleName(side == Side::Left ? tr("The patient's left hip")
                                                 : tr("The patient's right hip"));
    sides_->addButton(button, static_cast<int>(side));
    layout->addWidget(button);
  }
  layout->addStretch(1);
  return row;
}

QWidget* AnalysisForm::placeRow() {
  auto* row = new QWidget(this);
  auto* layout = new QHBoxLayout(row);
  layout->setContentsMargins(0, 0, 0, 0);
  place_->setText(QDir::toNativeSeparators(casesFolder_));
  place_->setWordWrap(true);
  auto* choose = new QPushButton(tr("&Change…"), row);
  choose->setAccessibleName(tr("Change the folder the case is kept in"));
  connect(choose, &QPushButton::clicked, this, &AnalysisForm::choosePlace);
  layout->addWidget(place_, 1);
  layout->addWidget(choose);
  return row;
}

void AnalysisForm::choosePlace() {
  auto* dialog = new QFileDialog(this, tr("Folder for cases"), casesFolder_);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::Directory);
  connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& folder) {
    casesFolder_ = folder;
    place_->setText(QDir::toNativeSeparators(folder));
    updateStart();
  });
  dialog->open();
}

void AnalysisForm::showIndex(const Result<DicomIndex>& index) {
  if (!index) {
    patient_->setText(tr("No scan"));
    message_->setText(QString::fromStdString(index.error().message));
    return;
  }
  for (const PatientInfo& patient : index->patients)
    for (const StudyInfo& study : patient.studies)
      for (const SeriesInfo& series : study.series)
        series_->addItem(QString::fromStdString(summary(series)), QString::fromStdString(series.uid));
  const auto choice = chooseCtSeries(*index);
  if (!choice) {
    patient_->setText(tr("Choose a series"));
    message_->setText(QString::fromStdString(choice.error().message));
    return;
  }
  const QString patientName = QString::fromStdString(choice->patientName.forScreen());
  patient_->setText(patientName.isEmpty() ? tr("Without a name") : patientName);
  message_->setText(QString::fromStdString(choice->reason));
  series_->setCurrentIndex(series_->findData(QString::fromStdString(choice->series.uid)));
  if (name_->text().isEmpty()) name_->setText(QString::fromStdString(choice->pseudonym));
  updateStart();
}

QString AnalysisForm::caseFolder() const {
  return QDir(casesFolder_).filePath(name_->text().trimmed() + QStringLiteral(".coxa"));
}

void AnalysisForm::updateStart() {
  start_->setEnabled(sides_->checkedId() >= 0 && name_->hasAcceptableInput() && series_->count() > 0);
}

void AnalysisForm::submit() {
  Q_EMIT requested({dicomFolder_, series_->currentData().toString(), static_cast<Side>(sides_->checkedId()),
                    caseFolder()});
  accept();
}

}  // namespace coxa
